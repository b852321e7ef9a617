"""The tickets that every contender serves, exported from our mock through its own API."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from mockserver.app import create_app
from mockserver.config import Config

Ticket = dict[str, Any]

STATUSES = ("open", "closed", "spam")
SORTS = tuple(
    sign + key for key in ("created_at", "updated_at", "last_activity_at") for sign in ("", "-")
)
_WORDS = 40

CLOCK = "2026-05-01T09:00:00Z"
WORLD = str(Path(__file__).with_name("desk.yaml"))
ME = 5
"""Jane, whose token every request carries."""

_THREAD = ("messages", "activities")
_JANE = {"Authorization": "Bearer jane"}


@dataclass(frozen=True)
class Query:
    """What a list is asked for, in no contender's words; None: not filtered by that."""

    statuses: tuple[str, ...] = ()
    channel: int | None = None
    search: str | None = None
    mine: bool = False
    unassigned: bool = False
    sort: str = "-updated_at"
    page: int = 1
    size: int = 25


class Desk:
    """Whole tickets, and what a list of them must answer."""

    def __init__(self, details: Sequence[Ticket]) -> None:
        self.details = list(details)

    def __len__(self) -> int:
        return len(self.details)

    @cached_property
    def items(self) -> list[Ticket]:
        """The tickets as a list shows them."""
        return [_without_thread(ticket) for ticket in self.details]

    @cached_property
    def by_id(self) -> dict[int, Ticket]:
        return {ticket["id"]: ticket for ticket in self.details}

    def found(self, query: Query) -> list[int]:
        """Return the ids of all tickets that pass, in order; ties by id, in the same direction."""
        key = query.sort.removeprefix("-")
        passed = [ticket for ticket in self.details if self._passes(ticket, query)]
        passed.sort(key=lambda t: (t[key], t["id"]), reverse=query.sort.startswith("-"))
        return [ticket["id"] for ticket in passed]

    def page(self, query: Query) -> list[int]:
        """Return the ids on the page asked for."""
        first = (query.page - 1) * query.size
        return self.found(query)[first : first + query.size]

    @cached_property
    def word(self) -> str:
        """The commonest word of subjects that at most three in ten tickets have."""
        counted = Counter(word for ticket in self.details for word in _words(ticket["subject"]))
        words = [word for word, _ in counted.most_common()]
        return next(word for word in words if self._having(word) <= 0.3 * len(self))

    @cached_property
    def words(self) -> list[str]:
        """Words to search for, none of them in more than a tenth of the tickets."""
        counted = Counter(word for text in self._texts.values() for word in {*_words(text)})
        rare = [word for word, count in counted.most_common() if count <= 0.1 * len(self)]
        common, others = rare[: _WORDS // 2], sorted(rare[_WORDS // 2 :])
        return common + Random(1).sample(others, min(len(others), _WORDS // 2))

    @cached_property
    def _texts(self) -> dict[int, str]:
        return {ticket["id"]: _text(ticket) for ticket in self.details}

    def _having(self, word: str) -> int:
        return sum(word in text for text in self._texts.values())

    def _passes(self, ticket: Ticket, query: Query) -> bool:
        rules: list[tuple[object, Callable[[], bool]]] = [
            (query.statuses, lambda: ticket["status"] in query.statuses),
            (query.channel, lambda: ticket["channel"]["id"] == query.channel),
            (query.search, lambda: str(query.search).lower() in self._texts[ticket["id"]]),
            (query.unassigned, lambda: ticket["assignee"] is None),
            (query.mine, lambda: (ticket["assignee"] or {}).get("id") == ME),
        ]
        return all(holds() for asked, holds in rules if asked)


def export(tickets: int) -> Desk:
    """Return the benchmark's world with so many tickets."""
    with _reading(tickets) as get:
        return Desk([get(f"/api/tickets/{id}")["ticket"] for id in _ids(get)])


def record(tickets: int, paths: Iterable[str]) -> dict[str, Any]:
    """Return what our mock answers to GET at each path, as JSON."""
    with _reading(tickets) as get:
        return {path: get(path) for path in dict.fromkeys(paths)}


@contextmanager
def _reading(tickets: int) -> Iterator[Callable[[str], Any]]:
    app = create_app(Config(world=WORLD, tickets=tickets, clock=CLOCK))
    try:
        client = app.test_client()
        yield lambda path: client.get(path, headers=_JANE).json
    finally:
        app.extensions["store"].close()


def _ids(get: Callable[[str], Any]) -> list[int]:
    path = "/api/tickets?per_page=100&sort=created_at"
    pages = get(path)["meta"]["last_page"]
    rows = [get(f"{path}&page={number + 1}")["data"] for number in range(pages)]
    return sorted(ticket["id"] for page in rows for ticket in page)


def _without_thread(ticket: Ticket) -> Ticket:
    return {name: value for name, value in ticket.items() if name not in _THREAD}


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]{5,}", text.lower())


def _text(ticket: Ticket) -> str:
    bodies = [_plain(message["body_html"]) for message in ticket["messages"]]
    return "\n".join([ticket["subject"], *bodies]).lower()


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", markup))
