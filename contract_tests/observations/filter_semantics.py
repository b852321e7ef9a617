"""Whether a ticket belongs in a list: yes, no, or not to be known from what was seen."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.query import Query
from contract_tests.observations.ticket import Detail, Row, is_integer

Answer = bool | None
SHORTEST = 3
"""Letters of a term that every search must find; an index of words may leave out shorter ones."""


@dataclass(frozen=True)
class Reading:
    """One way to read what the page leaves open.

    `every_tag`: several tag ids ask for all of them instead of any.
    `false_excludes`: a boolean filter set to false keeps the others instead of everything.
    `me`: the id of the token's user, when it is known.
    """

    every_tag: bool = False
    false_excludes: bool = False
    me: int | None = None


def readings(me: int | None) -> Iterator[Reading]:
    for every_tag in (False, True):
        for false_excludes in (False, True):
            yield Reading(every_tag, false_excludes, me)


def belongs(query: Query, row: Row, detail: Detail | None, reading: Reading) -> Answer:
    """Return whether a ticket meets all filters of a query."""
    answers = [meets(name, value, row, detail, reading) for name, value in query.filters]
    if False in answers:
        return False
    return None if None in answers else True


def meets(name: str, value: str, row: Row, detail: Detail | None, reading: Reading) -> Answer:
    """Return whether a ticket meets one filter."""
    if name == "filter[search]":
        return holds_term(value, row, detail)
    if name == "filter[status]":
        status = row.get("status")
        return status in value.split(",") if isinstance(status, str) else None
    if name == "filter[channel_ids]":
        found = _id(row.get("channel"))
        return None if found is None else found in _ids(value)
    if name == "filter[tag_ids]":
        return _tagged(row, _ids(value), reading)
    if name == "filter[unassigned]":
        return _switched("assignee" in row and row["assignee"] is None, value, reading)
    return _mine(row, value, reading)


def _mine(row: Row, value: str, reading: Reading) -> Answer:
    assignee = row.get("assignee")
    if assignee is None:
        return _switched(False, value, reading)  # noqa: FBT003 - nobody's ticket is not mine
    if reading.me is None or _id(assignee) is None:
        return True if value == "false" and not reading.false_excludes else None
    return _switched(_id(assignee) == reading.me, value, reading)


def _switched(fact: bool, value: str, reading: Reading) -> Answer:
    if value == "true":
        return fact
    return not fact if reading.false_excludes else True


def _tagged(row: Row, wanted: set[int], reading: Reading) -> Answer:
    tags = row.get("tags")
    if not isinstance(tags, list) or any(_id(tag) is None for tag in tags):
        return None
    found = {_id(tag) for tag in tags}
    return wanted <= found if reading.every_tag else bool(wanted & found)


def holds_term(term: str, row: Row, detail: Detail | None) -> Answer:
    """True: the term stands in the subject or a message as whole words, in either case.

    False: some word of it stands nowhere in the ticket, not even as a part of a word. Between
    the two lies what a search may or may not find.
    """
    texts = [str(row.get("subject", "")), *(detail.texts if detail else ())]
    if any(stands_in(term, text) for text in texts):
        return True if len(term) >= SHORTEST else None
    if detail is None:
        return None
    return None if all(w.lower() in detail.everything for w in term.split()) else False


@lru_cache(maxsize=100_000)
def stands_in(term: str, text: str) -> bool:
    return _words(term).search(text) is not None


@lru_cache(maxsize=512)
def _words(term: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE)


def _ids(value: str) -> set[int]:
    return {int(part) for part in value.split(",")}


def _id(node: object) -> int | None:
    found = node.get("id") if isinstance(node, dict) else None
    return int(found) if is_integer(found) and isinstance(found, int) else None


def who_am_i(history: History) -> int | None:
    """Return the user whom nearly every ticket "assigned to me" belongs to."""
    pages = [p for p in history.pages if p.query.plain and asks_assigned_to_me(p)]
    users = Counter(user for page in pages for user in assignee_ids(page) if user is not None)
    if not users:
        return None
    user, count = users.most_common(1)[0]
    return user if count * 2 > users.total() else None


_FILTERS = ("status", "channel_ids", "tag_ids", "search", "assigned_to_me", "unassigned")


def spell(query: Mapping[str, Any]) -> dict[str, str]:
    """Return query parameters under their names on the wire."""
    return {f"filter[{k}]" if k in _FILTERS else k: _value(v) for k, v in query.items()}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)


def asks_assigned_to_me(page: Page) -> bool:
    return dict(page.query.filters).get("filter[assigned_to_me]") == "true"


def assignee_ids(page: Page) -> list[int | None]:
    people = [row.get("assignee") for row in page.rows]
    return [p.get("id") if isinstance(p, dict) else None for p in people]
