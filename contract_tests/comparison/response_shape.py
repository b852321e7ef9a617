"""The shape of a response: what remains without its ids, texts and times."""

import re
from collections.abc import Iterator
from typing import Any

from contract_tests.observations.exchange import Exchange
from contract_tests.observations.page import link_query
from contract_tests.observations.schema.drift import kind_of

Traits = dict[str, frozenset[str]]
"""Name of a trait → what was seen; a field of the body is named by its path, as data[].id."""
_STAMP = re.compile(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_NUMBERS = {"meta.current_page", "meta.per_page"}
"""Numbers of an answer that follow from the request alone."""


def traits(exchange: Exchange, headers: set[str]) -> Traits:
    """Return the traits of a response; the presence of each of `headers` is one."""
    found: dict[str, set[str]] = {
        "status": {str(exchange.status or "no answer")},
        "media type": {exchange.media_type or "none"},
    }
    for name in headers:
        found[f"header {name}"] = {"absent" if exchange.header(name) is None else "present"}
    if exchange.is_json:
        for path, trait in _walk(exchange.document, ""):
            found.setdefault(path, set()).add(trait)
        found.update(_links(exchange))
    return {name: frozenset(values) for name, values in found.items()}


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """True when two sets of traits can come from the same code with other data."""
    one, other = one - {"null", "empty text"}, other - {"null", "empty text"}
    return one == other or not one or not other


def _walk(value: Any, path: str) -> Iterator[tuple[str, str]]:
    yield path or "body", _trait(value, path)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, f"{path}.{name}" if path else str(name))
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, f"{path}[]")


def _trait(value: Any, path: str) -> str:
    if path in _NUMBERS:
        return str(value)[:20]
    if not isinstance(value, str):
        return kind_of(value)
    if match := _STAMP.fullmatch(value):
        fraction = "with fraction, " if match[2] else ""
        return f"time, {fraction}{_zone(match[3])}"
    if _ULID.fullmatch(value.upper()):
        return "ULID in capitals" if value.isupper() else "ULID in small letters"
    return "text" if value else "empty text"


def _zone(zone: str | None) -> str:
    if zone is None:
        return "without offset"
    return "Z" if zone == "Z" else "with offset"


def _links(exchange: Exchange) -> Iterator[tuple[str, set[str]]]:
    """Yield which parameters of the request each link of a page keeps."""
    links = exchange.member("links")
    given = {name for name, _ in exchange.request.query} - {"page"}
    for name, link in links.items() if isinstance(links, dict) else ():
        if isinstance(link, str):
            kept = given & set(link_query(link))
            share = "all" if kept == given else "some" if kept else "none"
            kind = "URL" if "://" in link else "path"
            yield f"links.{name}", {f"{kind} that keeps {share} of the query"}
