"""Defects of the links between pages."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.exchange import Exchange, Reply
from mockserver.defects.changes.frequency import PAGE_2_ON
from mockserver.defects.changes.requests import to_page
from mockserver.defects.changes.responses import amended, change_json
from mockserver.defects.defect import Behavior, Family

links = Family("links")


def link(name: str, target: Callable[[int, int], int | None]) -> Behavior:
    """Point a link at another page, or at none, worked out of this page and the last."""

    def amend(value: Any) -> Any:
        meta = value["meta"]
        number = target(meta["current_page"], meta["last_page"])
        first = value["links"]["first"]
        value["links"][name] = None if number is None else to_page(first, number)
        return value

    return change_json(amend)


def rewritten(write: Callable[[str], str]) -> Behavior:
    def amend(value: Any) -> Any:
        value["links"] = {name: url and write(url) for name, url in value["links"].items()}
        return value

    return change_json(amend)


def _internal(url: str) -> str:
    return f"http://tickets-api.internal:8080{url[url.index('/api/') :]}"


def _default_size(exchange: Exchange) -> Reply:
    asked = exchange.request.param("per_page")

    def amend(value: Any) -> Any:
        for name, url in value["links"].items():
            value["links"][name] = url and url.replace(f"per_page={asked}", "per_page=25")
        return value

    return amended(exchange.send(), amend)


DEFECTS = (
    links(
        "next-missing-before-last-page",
        "list.links.pages",
        link("next", lambda n, last: n + 1 if n + 1 < last else None),
    ),
    links("next-on-last-page", "list.links.pages", link("next", lambda n, _: n + 1)),
    links(
        "next-same-page", "list.links.pages", link("next", lambda n, last: n if n < last else None)
    ),
    links(
        "next-skips-a-page",
        "list.links.pages",
        link("next", lambda n, last: n + 2 if n + 1 < last else None),
    ),
    links("next-always-null", "list.links.pages", link("next", lambda *_: None)),
    links("prev-always-null", "list.links.pages", link("prev", lambda *_: None), PAGE_2_ON),
    links("prev-on-first-page", "list.links.pages", link("prev", lambda n, _: n - 1)),
    links(
        "prev-two-back",
        "list.links.pages",
        link("prev", lambda n, _: max(n - 2, 1) if n > 1 else None),
    ),
    links("first-is-this-page", "list.links.pages", link("first", lambda n, _: n), PAGE_2_ON),
    links("first-page-zero", "list.links.pages", link("first", lambda *_: 0)),
    links("last-one-over", "list.links.pages", link("last", lambda _, last: last + 1)),
    links(
        "links-to-other-path",
        "list.links.query",
        rewritten(lambda url: url.replace("/api/tickets", "/tickets")),
    ),
    links("links-at-default-size", "list.links.query", _default_size),
)
