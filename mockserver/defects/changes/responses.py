"""Behaviors that change the mock's response."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from mockserver.defects.changes.exchange import Exchange, Reply, Row
from mockserver.defects.defect import Behavior

Change = Callable[[dict[str, Any], str], None]
"""Changes the value under a key, in place."""


def change_json(amend: Callable[[Any], Any]) -> Behavior:
    """Change the JSON of successful responses with `amend`."""
    return lambda exchange: amended(exchange.send(), amend)


def amended(reply: Reply, amend: Callable[[Any], Any]) -> Reply:
    """Return a successful response with changed JSON; the same bytes if nothing changed."""
    if not reply.good:
        return reply
    before = orjson.dumps(reply.json)
    after = orjson.dumps(amend(reply.json))
    return reply if after == before else reply.with_body(after)


def tickets(value: Any) -> list[Row]:
    """Return the tickets in the JSON of a successful response."""
    found: list[Row] = value["data"] if "data" in value else [value["ticket"]]
    return found


def each(change: Callable[[Row], object]) -> Behavior:
    """Change every ticket that the rarity selects in place."""
    return each_ticket(lambda row, _: change(row))


def each_ticket(change: Callable[[Row, Exchange], object]) -> Behavior:
    """As `each`, for a change that needs the exchange."""

    def behavior(exchange: Exchange) -> Reply:
        def amend(value: Any) -> Any:
            for row in tickets(value):
                if exchange.picks(row):
                    change(row, exchange)
            return value

        return amended(exchange.send(), amend)

    return behavior


def of_rows(change: Callable[[list[Row]], list[Row]]) -> Behavior:
    """Change the list of rows."""

    def behavior(exchange: Exchange) -> Reply:
        return amended(exchange.send(), lambda body: body | {"data": change(body["data"])})

    return behavior


def each_row(change: Callable[[Row], Row]) -> Behavior:
    """Change each row that the rarity selects."""

    def behavior(exchange: Exchange) -> Reply:
        def changed(rows: list[Row]) -> list[Row]:
            return [change(row) if exchange.picks(row) else row for row in rows]

        return of_rows(changed)(exchange)

    return behavior


def without_field(name: str) -> Callable[[Row], Any]:
    """Return what removes a field."""
    return lambda row: {key: value for key, value in row.items() if key != name}


def field(path: str, change: Change) -> Behavior:
    """Change a field of each ticket, such as `messages[].sender.type`."""

    def on(row: Row) -> None:
        for holder, key in list(_places(row, path.split("."))):
            change(holder, key)

    return each(on)


def missing(holder: dict[str, Any], key: str) -> None:
    del holder[key]


def null(holder: dict[str, Any], key: str) -> None:
    holder[key] = None


def renamed(name: str) -> Change:
    def change(holder: dict[str, Any], key: str) -> None:
        holder[name] = holder.pop(key)

    return change


def becomes(form: Callable[[Any], Any]) -> Change:
    """Write a value in another form; null stays null."""

    def change(holder: dict[str, Any], key: str) -> None:
        if holder[key] is not None:
            holder[key] = form(holder[key])

    return change


def null_becomes(value: Any) -> Change:
    def change(holder: dict[str, Any], key: str) -> None:
        if holder[key] is None:
            holder[key] = value

    return change


def missing_when(empty: Any) -> Change:
    """Remove a field that has this value."""

    def change(holder: dict[str, Any], key: str) -> None:
        if holder[key] == empty:
            del holder[key]

    return change


def preview_of(body: str, markup: str) -> str:
    """Return the start of a message without what the pattern `markup` finds."""
    return re.sub(markup, " ", body).strip()[:30] + "..."


def _places(holder: dict[str, Any], steps: list[str]) -> Iterator[tuple[dict[str, Any], str]]:
    step, *rest = steps
    name = step.removesuffix("[]")
    if name not in holder:
        return
    if not rest:
        yield holder, name
        return
    for inner in holder[name] if step.endswith("[]") else [holder[name]]:
        if isinstance(inner, dict):
            yield from _places(inner, rest)
