"""Behaviors that change the tickets of lists, or their order."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.exchange import Exchange, Reply, Row
from mockserver.defects.changes.requests import to_page
from mockserver.defects.changes.responses import amended
from mockserver.defects.defect import Behavior

Select = Callable[[Exchange], list[Row] | None]
"""Returns all tickets of a list request in order, None to leave them unchanged."""


def listing(select: Select) -> Behavior:
    """Respond with a page of the selected tickets."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        rows = select(exchange) if reply.good else None
        return reply if rows is None else paged(reply, rows)

    return behavior


def paged(reply: Reply, rows: list[Row]) -> Reply:
    """Return a list reply with its page of these tickets, and the counts and links to match."""

    def amend(value: Any) -> Any:
        meta = value["meta"]
        number, size = meta["current_page"], meta["per_page"]
        value["data"] = rows[(number - 1) * size : number * size]
        renumber(value, total=len(rows), last=max(1, -(-len(rows) // size)))
        return value

    return amended(reply, amend)


def renumber(value: Any, total: int, last: int) -> None:
    """Write another total, and the links that follow from it."""
    links, meta = value["links"], value["meta"]
    number = meta["current_page"]
    meta["total"], meta["last_page"] = total, last
    links["last"] = to_page(links["first"], last)
    links["next"] = to_page(links["first"], number + 1) if number < last else None
