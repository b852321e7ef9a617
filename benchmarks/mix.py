"""The work that is timed: 60 % lists, 20 % filtered lists, 15 % details, 5 % changes."""

import json
from collections.abc import Iterator
from itertools import cycle
from random import Random

from benchmarks.desk import Desk, Query
from benchmarks.dialect import Call, Documented

SHARES = {"list": 60, "filter": 20, "detail": 15, "change": 5}
LENGTH = 400
"""Requests in one turn of the mix; it is sent over and over."""

_SORTS = ("-updated_at", "-updated_at", "updated_at", "-created_at", "created_at")
_DEEPEST = 8
_CHOSEN = 3
"""Lists with a sort and a page, to one that asks for nothing in particular."""


def mix(desk: Desk, dialect: Documented) -> list[Call]:
    """Return one turn of the mix, the same for every contender but for its words."""
    random = Random(1)
    kinds = [kind for kind, share in SHARES.items() for _ in range(LENGTH * share // 100)]
    random.shuffle(kinds)
    sources = {
        "list": _lists(desk, dialect, random),
        "filter": _filtered(desk, dialect),
        "detail": _details(desk, dialect, random),
        "change": _changes(desk, dialect, random),
    }
    return [next(sources[kind]) for kind in kinds]


def as_lines(calls: list[Call]) -> str:
    """Write calls as the drivers read them: method, path and body, one call a line."""
    return "".join(
        f"{call.method} {call.path} {json.dumps(call.body) if call.body else ''}".rstrip() + "\n"
        for call in calls
    )


def _lists(desk: Desk, dialect: Documented, random: Random) -> Iterator[Call]:
    pages = min(_DEEPEST, -(-len(desk) // 25))
    while True:
        yield dialect.newest()
        for _ in range(_CHOSEN):
            yield dialect.listing(Query(sort=random.choice(_SORTS), page=random.randint(1, pages)))


def _filtered(desk: Desk, dialect: Documented) -> Iterator[Call]:
    queries = [
        Query(status="open"),
        Query(status="closed"),
        Query(status="open", channel=1),
        Query(mine=True),
        Query(search=desk.word),
    ]
    return cycle([dialect.listing(query) for query in queries])


def _details(desk: Desk, dialect: Documented, random: Random) -> Iterator[Call]:
    while True:
        yield dialect.detail(random.choice(desk.details)["id"])


def _changes(desk: Desk, dialect: Documented, random: Random) -> Iterator[Call]:
    """Each ticket closes and opens again, so that nearly every change changes something."""
    ids = random.sample(sorted(desk.by_id), LENGTH * SHARES["change"] // 100 // 2)
    for status in cycle(("closed", "open")):
        for id in ids:
            yield dialect.change(id, status)
