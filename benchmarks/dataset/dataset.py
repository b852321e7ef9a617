"""The tickets that every contender serves, and what a list of them must return."""

import html
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

Ticket = dict[str, Any]

STATUSES = ("open", "closed", "spam")
SORTS = tuple(
    sign + key for key in ("created_at", "updated_at", "last_activity_at") for sign in ("", "-")
)
_WORDS = 40

TOKEN = "jane"
ME = 5
"""Id of the user whose token every request carries."""

_THREAD = ("messages", "activities")


@dataclass(frozen=True)
class Query:
    """The parameters of a list, independent of any dialect; None: no such filter."""

    statuses: tuple[str, ...] = ()
    channel: int | None = None
    search: str | None = None
    mine: bool = False
    unassigned: bool = False
    sort: str = "-updated_at"
    page: int = 1
    size: int = 25


class Dataset:
    """Tickets with their threads, and what a list of them must return."""

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
        """Return the ids of all matching tickets, sorted; ties by id, in the same direction."""
        key = query.sort.removeprefix("-")
        passed = [ticket for ticket in self.details if self._passes(ticket, query)]
        passed.sort(key=lambda t: (t[key], t["id"]), reverse=query.sort.startswith("-"))
        return [ticket["id"] for ticket in passed]

    def page(self, query: Query) -> list[int]:
        """Return the ids on the query's page."""
        first = (query.page - 1) * query.size
        return self.found(query)[first : first + query.size]

    @cached_property
    def word(self) -> str:
        """The most frequent word of the subjects that at most 30 % of the tickets contain."""
        counted = Counter(word for ticket in self.details for word in _words(ticket["subject"]))
        words = [word for word, _ in counted.most_common()]
        return next(word for word in words if self._having(word) <= 0.3 * len(self))

    @cached_property
    def words(self) -> list[str]:
        """Words to search for, each in at most a tenth of the tickets."""
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


def _without_thread(ticket: Ticket) -> Ticket:
    return {name: value for name, value in ticket.items() if name not in _THREAD}


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]{5,}", text.lower())


def _text(ticket: Ticket) -> str:
    bodies = [_plain(message["body_html"]) for message in ticket["messages"]]
    return "\n".join([ticket["subject"], *bodies]).lower()


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", markup))
