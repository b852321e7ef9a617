"""The reading requests that are sent to both sides of a comparison.

What depends on the data, such as an id, is taken from each side's own first answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.observations.exchange import LIST_PATH, Request, Who, get
from contract_tests.observations.filter_semantics import spell
from contract_tests.observations.ticket import Row, ids_of
from contract_tests.probes.queries.search_terms import subject_terms

MISSING = 987_654_321


@dataclass(frozen=True)
class Facts:
    """Values of one side's own tickets, for its requests."""

    rows: list[Row]

    def first(self, name: str) -> int | None:
        """Return an id of a channel, tag or assignee that some ticket has."""
        return next((found for row in self.rows for found in ids_of(row, name)), None)

    @property
    def ticket(self) -> int | None:
        return int(self.rows[0]["id"]) if self.rows else None

    @property
    def word(self) -> str | None:
        return next((term.text for row in self.rows for term in subject_terms(row)), None)


Make = Callable[[Facts], Request | None]


@dataclass(frozen=True)
class Pair:
    """A request to both sides; `make` returns None where a side's data has no value for it."""

    words: str
    make: Make


def _list(words: str, query: Mapping[str, Any], who: Who = "main") -> Pair:
    request = get(LIST_PATH, spell(query), words, who=who)
    return Pair(words, lambda _: request)


def _own(words: str, name: str, pick: Callable[[Facts], Any]) -> Pair:
    def make(facts: Facts) -> Request | None:
        value = pick(facts)
        return (
            None if value is None else get(LIST_PATH, spell({name: value, "per_page": 10}), words)
        )

    return Pair(words, make)


def _ticket(words: str, who: Who = "main") -> Pair:
    def make(facts: Facts) -> Request | None:
        if facts.ticket is None:
            return None
        return get(f"{LIST_PATH}/{facts.ticket}", purpose=words, who=who)

    return Pair(words, make)


def _path(words: str, path: str) -> Pair:
    return Pair(words, lambda _: get(f"{LIST_PATH}/{path}", purpose=words))


_KEYS = ("created_at", "updated_at", "last_activity_at")
_ODD = {
    "page": ("0", "-1", "x", "99999"),
    "per_page": ("0", "101", "x"),
    "sort": ("bogus", "created_at,-updated_at", ""),
    "status": ("bogus", "", "OPEN"),
    "channel_ids": ("x", str(MISSING)),
    "tag_ids": ("x",),
    "unassigned": ("maybe", "1"),
    "search": ("", "zqxjkvw", "%", "'"),
    "filter[bogus]": ("1",),
}
PAIRS: list[Pair] = [
    _list("the plain list", {}),
    _list("the documented example", {"status": "open", "sort": "-updated_at", "per_page": 10}),
    *(_list(f"sort={s}{k}", {"sort": s + k, "per_page": 10}) for k in _KEYS for s in ("", "-")),
    _list("the second page", {"per_page": 5, "page": 2}),
    *(_list(f"status {s}", {"status": s, "per_page": 10}) for s in ("open", "closed", "spam")),
    _list("two statuses", {"status": "open,closed", "per_page": 10}),
    *(
        _list(f"{name} {value}", {name: value, "per_page": 10})
        for name in ("assigned_to_me", "unassigned")
        for value in ("true", "false")
    ),
    _own("a channel of its own", "channel_ids", lambda facts: facts.first("channel")),
    _own("a tag of its own", "tag_ids", lambda facts: facts.first("tags")),
    _own("a word of a subject", "search", lambda facts: facts.word),
    *(
        _list(f"{name}={value!r}", {name: value})
        for name, values in _ODD.items()
        for value in values
    ),
    _ticket("a ticket"),
    _path("a missing ticket", str(MISSING)),
    _path("a ticket whose id is none", "x"),
    _list("the list without a token", {}, "none"),
    _list("the list with a wrong token", {}, "wrong"),
    _ticket("a ticket without a token", "none"),
]
