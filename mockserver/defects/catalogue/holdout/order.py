"""Defects of order: ties, column types, time zones and pages."""

from mockserver.defects.catalogue.lists.sorts import column, grouped, key_of, ordered
from mockserver.defects.catalogue.second.order import UNSORTED, order, rearranged
from mockserver.defects.changes.conditions import when
from mockserver.defects.changes.exchange import Exchange, Row


def ties_by_turn(rows: list[Row], exchange: Exchange) -> list[Row]:
    """Tickets of the same second stand in another order at each request."""
    key = key_of(exchange.request)
    name = key.removeprefix("-")
    if name not in ("created_at", "updated_at"):
        return rows
    turn = -1 if exchange.state.requests % 2 else 1
    rows = sorted(rows, key=lambda row: turn * row["id"])
    return sorted(rows, key=lambda row: row[name], reverse=key.startswith("-"))


def border_swapped(rows: list[Row], exchange: Exchange) -> list[Row]:
    """The first two tickets of a second page are swapped."""
    given = exchange.request.param("per_page") or "25"
    place = int(given) if given.isdecimal() and len(given) < 4 else 25
    return rows[:place] + rows[place : place + 2][::-1] + rows[place + 2 :]


DEFECTS = (
    order("ties-by-turn", "list.paginated", rearranged(ties_by_turn)),
    order(
        "updated-by-time-of-day",
        "list.sort.updated_at",
        ordered("updated_at", lambda time: time[11:]),
    ),
    order(
        "activity-by-updated",
        "list.sort.last_activity_at",
        column("updated_at", "last_activity_at"),
    ),
    order(
        "default-pins-tagged",
        "list.sort.default",
        when(UNSORTED, grouped(lambda _, row: len(row["tags"]) < 2)),
    ),
    order("border-swapped", "list.sort.updated_at", rearranged(border_swapped)),
)
