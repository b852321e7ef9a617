"""Defects of the links between pages."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.exchange import Exchange, Reply
from mockserver.defects.changes.frequency import PAGE_2_ON
from mockserver.defects.changes.requests import to_page
from mockserver.defects.changes.responses import amended, tell
from mockserver.defects.defect import Family, Lie

links = Family("links")


def link(name: str, target: Callable[[int, int], int | None]) -> Lie:
    """Point a link at another page, or at none, worked out of this page and the last."""

    def amend(value: Any) -> Any:
        meta = value["meta"]
        number = target(meta["current_page"], meta["last_page"])
        first = value["links"]["first"]
        value["links"][name] = None if number is None else to_page(first, number)
        return value

    return tell(amend)


def rewritten(write: Callable[[str], str]) -> Lie:
    def amend(value: Any) -> Any:
        value["links"] = {name: url and write(url) for name, url in value["links"].items()}
        return value

    return tell(amend)


def _internal(url: str) -> str:
    return f"http://tickets-api.internal:8080{url[url.index('/api/') :]}"


def _default_size(exchange: Exchange) -> Reply:
    asked = exchange.ask.param("per_page")

    def amend(value: Any) -> Any:
        for name, url in value["links"].items():
            value["links"][name] = url and url.replace(f"per_page={asked}", "per_page=25")
        return value

    return amended(exchange.send(), amend)


DEFECTS = (
    links(
        "next-missing-before-last-page",
        "page.links.next",
        link("next", lambda n, last: n + 1 if n + 1 < last else None),
    ),
    links("next-on-last-page", "page.links.next", link("next", lambda n, _: n + 1)),
    links(
        "next-same-page", "page.links.next", link("next", lambda n, last: n if n < last else None)
    ),
    links(
        "next-skips-a-page",
        "page.links.next",
        link("next", lambda n, last: n + 2 if n + 1 < last else None),
    ),
    links("next-always-null", "page.links.next", link("next", lambda *_: None)),
    links("prev-always-null", "page.links.prev", link("prev", lambda *_: None), PAGE_2_ON),
    links("prev-on-first-page", "page.links.prev", link("prev", lambda n, _: n - 1)),
    links(
        "prev-two-back",
        "page.links.prev",
        link("prev", lambda n, _: max(n - 2, 1) if n > 1 else None),
    ),
    links("first-is-this-page", "page.links.first", link("first", lambda n, _: n), PAGE_2_ON),
    links("first-page-zero", "page.links.first", link("first", lambda *_: 0)),
    links("last-one-over", "page.links.last", link("last", lambda _, last: last + 1)),
    links(
        "links-to-other-path",
        "page.links.path",
        rewritten(lambda url: url.replace("/api/tickets", "/tickets")),
    ),
    links("links-at-default-size", "page.links.query", _default_size),
)
