"""Distinct requests: 45 % lists, 15 % searches, 35 % details, 5 % changes."""

import json
from collections.abc import Iterator
from random import Random

from benchmarks.contenders.dialect import Call, Documented
from benchmarks.dataset.dataset import SORTS, STATUSES, Dataset, Query

SHARES = {"list": 45, "search": 15, "detail": 35, "change": 5}

LENGTH = 120_000
"""Requests generated for one server: more than it answers while it is measured."""


def mix(dataset: Dataset, dialect: Documented, length: int = LENGTH) -> Iterator[Call]:
    """Yield random requests, the same for every contender but for its dialect."""
    random = Random(1)
    ids, words = sorted(dataset.by_id), dataset.words
    kinds, shares = list(SHARES), list(SHARES.values())
    for kind in random.choices(kinds, shares, k=length):
        if kind == "list":
            yield dialect.listing(_list(random))
        elif kind == "search":
            word, size = random.choice(words), random.randint(5, 50)
            yield dialect.listing(Query(search=word, size=size))
        elif kind == "detail":
            yield dialect.detail(random.choice(ids))
        else:
            yield dialect.change(random.choice(ids), random.choice(STATUSES))


def _list(random: Random) -> Query:
    """Return a random list: one to three statuses, a sort, a page, sometimes two more filters."""
    return Query(
        statuses=tuple(random.sample(STATUSES, random.randint(1, 3))),
        channel=random.randint(1, 4) if random.random() < 0.3 else None,
        unassigned=random.random() < 0.3,
        sort=random.choice(SORTS),
        page=random.randint(1, 20),
        size=random.randint(5, 50),
    )


def as_line(call: Call) -> str:
    """Return a call as a line of the driver's input: method, path and body."""
    body = json.dumps(call.body) if call.body else ""
    return f"{call.method} {call.path} {body}".rstrip()
