"""Healthy variants: unusual mocks that keep the contract, to detect false alarms."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.choices import Choices
from mockserver.defects import surroundings
from mockserver.defects.deletions import add_deletions
from mockserver.defects.replica import LaggingLists
from mockserver.seed import load_world
from mockserver.seed.load import DEFAULT_WORLD
from mockserver.seed.world_file.defaults import read_tokens

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

ResponseFormat = Callable[[bytes, Headers], bytes]
"""Rewrites the JSON of a response in another, equivalent format."""


Wrapping = Callable[["WSGIApplication"], "WSGIApplication"]
"""Surrounds the mock with what a deployment may have in front of it."""

Meanwhile = Callable[[Flask], None]
"""Adds what others do to the tickets while the suite is at work."""


@dataclass(frozen=True, slots=True)
class Variant:
    """`options` are those of Config; `token` is the token for the suite."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    token: str = "jane"  # noqa: S105 - a name of the demo world, no secret
    response_format: ResponseFormat | None = None
    wrapping: Wrapping | None = None
    meanwhile: Meanwhile | None = None

    def open(self, **more: Any) -> Flask:
        """Return the app; `more` options override its own. Raises MockError."""
        app = create_app(Config(**{**self.options, **more}))
        if self.meanwhile is not None:
            self.meanwhile(app)
        if self.response_format is not None:
            formatted_app = with_format(app.wsgi_app, self.response_format)
            app.wsgi_app = formatted_app  # type: ignore[assignment,method-assign]  # Flask's way
        if self.wrapping is not None:
            wrapped = self.wrapping(app.wsgi_app)
            app.wsgi_app = wrapped  # type: ignore[assignment,method-assign]  # Flask's way
        return app


def with_format(app: "WSGIApplication", response_format: ResponseFormat) -> "WSGIApplication":
    """Return an app whose JSON of API responses is rewritten by `response_format`."""

    def format_response(environ: Any, start_response: Any) -> Any:
        if not environ.get("PATH_INFO", "").startswith("/api/"):
            return app(environ, start_response)
        response = Response.from_app(app, environ, buffered=True)
        if response.content_type == "application/json" and response.data:
            response.data = response_format(response.data, response.headers)
        return response(environ, start_response)

    return format_response


def extra_fields(body: bytes, _: Headers) -> bytes:
    """Add undocumented fields to every object except `errors`, whose keys are field names."""
    return json.dumps(_extended(json.loads(body))).encode()


def as_php_writes(body: bytes, headers: Headers) -> bytes:
    """Escape slashes and non-ASCII characters, and declare the charset."""
    headers["Content-Type"] = "application/json; charset=UTF-8"
    return json.dumps(json.loads(body), separators=(",", ":")).replace("/", "\\/").encode()


def indented(body: bytes, headers: Headers) -> bytes:
    """Indent the JSON, with sorted keys."""
    headers["X-Powered-By"] = "PHP/8.3"
    return json.dumps(json.loads(body), indent=4, sort_keys=True, ensure_ascii=False).encode()


def _extended(value: Any) -> Any:
    if isinstance(value, list):
        return [_extended(each) for each in value]
    if not isinstance(value, dict):
        return value
    known = {name: each if name == "errors" else _extended(each) for name, each in value.items()}
    return {"object": "extra", **known, "team": None, "custom_fields": [], "is_new": True}


def _choosing(**choices: str) -> dict[str, Any]:
    return {"choices": Choices(**choices)}  # type: ignore[arg-type]  # each name has its own values


_BIG_IDS = str(Path(__file__).with_name("big_ids.yaml"))

_REFUSING = _choosing(
    per_page_above_max="refuse",
    per_page_invalid="refuse",
    page_invalid="refuse",
    unknown_status="refuse",
)
_FRAMEWORK = _choosing(link_query="drop", meta_keys="framework", missing_text="plain")

_VARIANTS = (
    Variant("default"),
    Variant("background-activity", {"activity": 2}),
    Variant("throttled", {"rate": "20/second"}),
    Variant("slow", {"faults": ("latency=150ms",)}),
    Variant("resetting", {"faults": ("reset=1%",)}),
    Variant("empty", {"world": "empty"}),
    Variant("small", {"world": "small"}),
    Variant("large", {"tickets": 3000}),
    Variant("one-page", {"tickets": 12}),
    Variant("big-ids", {"world": _BIG_IDS}),
    Variant("other-locale", {"locale": "ja_JP", "tickets": 120}),
    Variant("lower-case-ulids", _choosing(ulid_case="lower")),
    Variant("ulid-paths-only", _choosing(path_id="ulid")),
    Variant("ulid-paths-too", _choosing(path_id="either")),
    Variant("refusing", _REFUSING),
    Variant("smallest-page", _choosing(per_page_invalid="one")),
    Variant("ignoring-unknown-parameters", _choosing(unknown_query="ignore")),
    Variant("update-answers-detail", _choosing(update_reply="detail")),
    Variant("unchanged-write-touches", _choosing(unchanged_write="touch")),
    Variant("absent-user-unassigns", _choosing(absent_user_id="unassign")),
    Variant("search-by-words", _choosing(search="words")),
    Variant("all-of-the-tags", _choosing(tag_match="all")),
    Variant("false-is-the-opposite", _choosing(false_filter="opposite")),
    Variant("newest-activities-first", _choosing(activity_order="newest_first")),
    Variant("foreign-is-forbidden", _choosing(foreign_ticket="forbidden")),
    Variant("framework-pages", _FRAMEWORK),
    Variant("read-only-token", token="readonly"),  # noqa: S106 - as above
    Variant("extra-fields", response_format=extra_fields),
    Variant("as-php-writes", response_format=as_php_writes),
    Variant("indented", response_format=indented),
    Variant("session-cookies", wrapping=surroundings.with_cookies),
    Variant("compressed", wrapping=surroundings.compressed),
    Variant("deployed-meanwhile", wrapping=surroundings.Deploying),
    Variant("behind-a-proxy", response_format=surroundings.proxied),
    Variant("tickets-deleted", meanwhile=add_deletions),
    Variant("lists-lag", wrapping=LaggingLists),
)

HEALTHY = {variant.name: variant for variant in _VARIANTS}


def healthy_entries() -> list[dict[str, Any]]:
    """Return the variants as data, each with the tokens of its world."""
    return [{"name": v.name, "tokens": _tokens(v)} for v in HEALTHY.values()]


def _tokens(variant: Variant) -> dict[str, str | None]:
    world = load_world(str(variant.options.get("world", DEFAULT_WORLD)))
    known = {token.token for each in world.workspaces for token in read_tokens(each)}
    others = {name: name if name in known else None for name in ("other", "readonly")}
    return {"main": variant.token, **others}
