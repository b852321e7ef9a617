"""Workspaces: what the token of another workspace is shown, and whether it is of another one."""

from collections.abc import Iterable, Iterator
from typing import Any

from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row, tickets_in


def is_one_workspace(exchanges: Iterable[Exchange], pages: list[Page]) -> bool:
    """Return whether the other token reads a ticket of ours and a list of ours, and nothing else.

    One who is kept out of either is of another workspace, to which the rest is a leak.
    """
    told = [e for e in exchanges if _tells(e)]
    lists = [e for e in told if e.request.path == LIST_PATH]
    details = [e for e in told if e not in lists]
    return (
        bool(lists and details)
        and all(_is_ours(exchange, pages) for exchange in lists)
        and all(exchange.status == 200 for exchange in details)
    )


def _tells(exchange: Exchange) -> bool:
    request = exchange.request
    if request.who != "other" or request.method != "GET" or not exchange.handled:
        return False
    return (exchange.status or 0) < 500


def _is_ours(exchange: Exchange, pages: list[Page]) -> bool:
    """Return whether a list is the one that our token was answered to the same request."""
    ours = [page for page in pages if page.exchange.request.query == exchange.request.query]
    found = [row["id"] for row in tickets_in(exchange.document)]
    return bool(found) and any(found == [row["id"] for row in page.rows] for page in ours)


def foreign_rows(exchanges: Iterable[Exchange]) -> Iterator[Row]:
    """Yield the tickets that the other token is shown, but for those that ours was shown before.

    These are ours, whoever sees them.
    """
    ours: set[Any] = set()
    for exchange in exchanges:
        rows = tickets_in(exchange.document) if exchange.status == 200 else []
        if exchange.request.who == "main":
            ours.update(map(_name, rows))
        elif exchange.request.who == "other":
            yield from (row for row in rows if _name(row) not in ours)


def _name(row: Row) -> Any:
    """Return the ULID of a ticket: workspaces may number their tickets alike."""
    return row["ulid"].lower() if isinstance(row.get("ulid"), str) else row["id"]
