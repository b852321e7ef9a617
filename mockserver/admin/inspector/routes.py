"""The page itself: one view, rendered here, that scripts fetch again when something has moved."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request

from mockserver.admin import Mock
from mockserver.admin.access import Guard
from mockserver.admin.clock import clock_of
from mockserver.admin.inspector.formatting import ago, clock_face, initials
from mockserver.admin.inspector.view_model import Desk, Scene, curl
from mockserver.contract.errors import ApiError, StoreUnavailable
from mockserver.store import SHARED

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""Messages are shown in frames that inherit it: whatever they hold, nothing is loaded."""

_HEADERS = {
    "Content-Security-Policy": "; ".join(map(" ".join, _POLICY.items())),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ORDERS = {
    "-updated_at": "Last updated",
    "-created_at": "Newest",
    "created_at": "Oldest",
    "-last_activity_at": "Last activity",
}
_KINDS = {"inbound": "received", "outbound": "sent", "note": "note for the team"}


def add_inspector(app: Flask, mock: Mock) -> None:
    """Serve the inspector to whoever may pull the levers."""
    inspector = Blueprint(
        "inspector",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/inspector",
    )
    for filter_ in (ago, clock_face, initials):
        inspector.add_app_template_filter(filter_)
    desk = Desk(mock.contract, mock.store, mock.config.choices)
    inspector.add_url_rule("/", "page", partial(_show, mock, desk, Guard(mock.config)))
    app.register_blueprint(inspector)


def _show(mock: Mock, desk: Desk, guard: Guard) -> Response:
    try:
        guard.check(request)
        scene = desk.scene(request.query_string.decode(errors="replace"))
    except ApiError as error:
        text = render_template("inspector/refusal.html", refusal=error, message=str(error.message))
        return _answer(text, error.status)
    except StoreUnavailable as error:
        text = render_template(
            "inspector/refusal.html", refusal={"status": 503}, message=f"{error}."
        )
        return _answer(text, 503)
    return _answer(render_template("inspector/page.html", **_context(mock, scene)), scene.status)


def _answer(text: str, status: int) -> Response:
    response = make_response(text, status)
    response.headers.update(_HEADERS)
    return response


def _context(mock: Mock, scene: Scene) -> dict[str, Any]:
    world = scene.entry.world
    people = scene.people
    start = {"world": world.name, "as": scene.agent.plain if scene.agent else ""}
    return {
        "scene": scene,
        "world": world.name,
        "shared": SHARED,
        "now": scene.now,
        "running": clock_of(mock, world)["running"],
        "busy": mock.colleagues.rate(world.name),
        "faults": current_app.extensions["faults"].listed(world.name),
        "snapshots": mock.store.snapshots.all(world),
        "levers": f"/_mock/worlds/{world.name}",
        "known_statuses": mock.statuses,
        "kinds": _KINDS,
        "statuses": [(status, status.capitalize()) for status in mock.statuses],
        "orders": list(_ORDERS.items()),
        "channels": [(channel.id, channel.name) for channel in people.channels] if people else [],
        "tags": [(tag.id, tag.name) for tag in people.tags] if people else [],
        "members": [user for user in people.users if not user.left] if people else [],
        "start": f"/?{urlencode(start)}",
        "here": partial(_here, request.args),
        "command": partial(_command, scene),
    }


def _here(query: Mapping[str, str], **changes: Any) -> str:
    """Return the page's own address with some parameters changed; an empty one goes."""
    kept = {name: value for name, value in {**query, **changes}.items() if value != ""}
    return f"/?{urlencode(kept)}" if kept else "/"


def _command(scene: Scene, path: str) -> str:
    return curl(
        "GET", request.host_url.rstrip("/") + path, scene.agent.token if scene.agent else ""
    )
