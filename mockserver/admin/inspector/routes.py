"""The inspector's page, rendered on the server; scripts fetch it again after a change."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request

from mockserver.admin import AdminContext
from mockserver.admin.access import AccessControl
from mockserver.admin.clock import clock_of
from mockserver.admin.inspector.formatting import ago, clock_face, file_address, initials
from mockserver.admin.inspector.view_model import InspectorReader, InspectorView, curl
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
"""Frames with message HTML inherit this policy, so that they load nothing."""

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
_COMMON_FAULTS = {
    "Slow": "latency=2000ms",
    "500": "error=500",
    "500 once": "error=500 times=1",
    "429": "error=429",
    "Offline": "reset=100%",
}
_KINDS = {"inbound": "received", "outbound": "sent", "note": "internal note"}


def add_inspector(app: Flask, context: AdminContext) -> None:
    """Serve the inspector, with the same access rules as the admin API."""
    inspector = Blueprint(
        "inspector",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/inspector",
    )
    for filter_ in (ago, clock_face, file_address, initials):
        inspector.add_app_template_filter(filter_)
    reader = InspectorReader(context.contract, context.store, context.config.choices)
    inspector.add_url_rule(
        "/", "page", partial(_show, context, reader, AccessControl(context.config))
    )
    app.register_blueprint(inspector)


def _show(context: AdminContext, reader: InspectorReader, access: AccessControl) -> Response:
    try:
        access.check(request)
        view = reader.view(request.query_string.decode(errors="replace"))
    except ApiError as error:
        text = render_template("inspector/refusal.html", refusal=error, message=str(error.message))
        return _answer(text, error.status)
    except StoreUnavailable as error:
        text = render_template(
            "inspector/refusal.html", refusal={"status": 503}, message=f"{error}."
        )
        return _answer(text, 503)
    return _answer(render_template("inspector/page.html", **_context(context, view)), view.status)


def _answer(text: str, status: int) -> Response:
    response = make_response(text, status)
    response.headers.update(_HEADERS)
    return response


def _context(context: AdminContext, view: InspectorView) -> dict[str, Any]:
    world = view.entry.world
    people = view.people
    start = {"world": world.name, "as": view.agent.token if view.agent else ""}
    return {
        "view": view,
        "world": world.name,
        "shared": SHARED,
        "now": view.now,
        "running": clock_of(context, world)["running"],
        "activity": context.scheduler.rate(world.name),
        "faults": current_app.extensions["faults"].listed(world.name),
        "common_faults": list(_COMMON_FAULTS.items()),
        "snapshots": context.store.snapshots.all(world),
        "admin_url": f"{request.root_path}/_mock/worlds/{world.name}",
        "known_statuses": context.statuses,
        "kinds": _KINDS,
        "statuses": [(status, status.capitalize()) for status in context.statuses],
        "orders": list(_ORDERS.items()),
        "channels": [(channel.id, channel.name) for channel in people.channels] if people else [],
        "tags": [(tag.id, tag.name) for tag in people.tags] if people else [],
        "members": [user for user in people.users if not user.left] if people else [],
        "start": f"{request.root_path}/?{urlencode(start)}",
        "here": partial(_here, request.args),
        "command": partial(_command, view),
    }


def _here(query: Mapping[str, str], **changes: Any) -> str:
    """Return the page's URL with some parameters changed; an empty one is removed."""
    kept = {name: value for name, value in {**query, **changes}.items() if value != ""}
    return f"{request.root_path}/?{urlencode(kept)}" if kept else f"{request.root_path}/"


def _command(view: InspectorView, path: str) -> str:
    return curl("GET", request.url_root.rstrip("/") + path, view.token)
