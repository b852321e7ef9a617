"""The meaning of each list filter: whether a ticket belongs in a list, or None if unknown."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from contract_tests.observations.search_matches import may_find, must_find
from contract_tests.observations.ticket import Detail, Row, ids_of, text_in
from mockserver.contract.operation import filter_name

Answer = bool | None


class UnknownFilter(LookupError):
    """A filter that FILTERS does not define, so that nothing is known of its meaning."""


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


def belongs(
    filters: Iterable[tuple[str, str]], row: Row, detail: Detail | None, reading: Reading
) -> Answer:
    """Return whether a ticket meets all filters of a query; raises UnknownFilter."""
    known: Answer = True
    for name, value in filters:
        answer = meets(name, value, row, detail, reading)
        if answer is False:
            return False
        known = known and answer
    return known


def meets(name: str, value: str, row: Row, detail: Detail | None, reading: Reading) -> Answer:
    """Return whether a ticket meets one filter, named as in a query string.

    Raises UnknownFilter when FILTERS does not define the filter.
    """
    known = filter_of(name)
    if known is None:
        raise UnknownFilter(f"{name} is not a known filter; add it to FILTERS in {__name__}")
    return known.meets(value, row, detail, reading)


def _search(value: str, row: Row, detail: Detail | None, _: Reading) -> Answer:
    return holds_term(value, row, detail)


def _status(value: str, row: Row, _: Detail | None, __: Reading) -> Answer:
    status = row.get("status")
    return status in value.split(",") if isinstance(status, str) else None


def _channel(value: str, row: Row, _: Detail | None, __: Reading) -> Answer:
    found = _id(row.get("channel"))
    return None if found is None else found in _ids(value)


def _unassigned(value: str, row: Row, _: Detail | None, reading: Reading) -> Answer:
    return _switched("assignee" in row and row["assignee"] is None, value, reading)


def _assigned_to_me(value: str, row: Row, _: Detail | None, reading: Reading) -> Answer:
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


def _tagged(value: str, row: Row, _: Detail | None, reading: Reading) -> Answer:
    wanted = _ids(value)
    tags = row.get("tags")
    found = {_id(tag) for tag in tags} if isinstance(tags, list) else {None}
    if None in found:
        return None
    return wanted <= found if reading.every_tag else bool(wanted & found)


def holds_term(term: str, row: Row, detail: Detail | None) -> Answer:
    """Return whether every search finds a ticket by a term (True), or none does (False)."""
    texts = [text_in(row, "subject"), *(detail.texts if detail else ())]
    if any(must_find(term, text) for text in texts):
        return True
    return None if detail is None or may_find(term, detail.everything) else False


@lru_cache(maxsize=512)
def _ids(value: str) -> frozenset[int]:
    return frozenset(int(part) for part in value.split(","))


def _id(node: object) -> int | None:
    found = node.get("id") if isinstance(node, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def spell(query: Mapping[str, Any]) -> dict[str, str]:
    """Return query parameters under their names on the wire."""
    return {f"filter[{k}]" if k in FILTERS else k: _value(v) for k, v in query.items()}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)


def is_plain_term(value: str, _: Sequence[str] = ()) -> bool:
    """True for a term that every reading of the documentation takes as the same words."""
    return (
        bool(value.strip()) and value == value.strip() and "," not in value and value.isprintable()
    )


def is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and str(int(value)) == value


def _are_choices(value: str, choices: Sequence[str]) -> bool:
    return all(part in choices for part in value.split(","))


def _are_ids(value: str, _: Sequence[str]) -> bool:
    return all(is_number(part) and int(part) > 0 for part in value.split(","))


def _is_boolean(value: str, _: Sequence[str]) -> bool:
    return value in ("true", "false")


@dataclass(frozen=True)
class Filter:
    """One filter of listTickets.

    `meets` says which tickets meet a value, `is_documented` whether a value has a documented
    meaning (given the choices of the contract), `example` returns a value that a ticket meets
    (given the id of the token's user).
    """

    kind: Literal["list", "boolean", "text"]
    meets: Callable[[str, Row, Detail | None, Reading], Answer]
    is_documented: Callable[[str, Sequence[str]], bool]
    example: Callable[[Row, int | None], str | None]


def _status_of(row: Row, _: int | None) -> str | None:
    status = row.get("status")
    return status if status in ("open", "closed", "spam") else None


def _first_id(field: str) -> Callable[[Row, int | None], str | None]:
    return lambda row, _: next((str(found) for found in ids_of(row, field)), None)


def _if_unassigned(row: Row, _: int | None) -> str | None:
    return "true" if "assignee" in row and row["assignee"] is None else None


def _if_mine(row: Row, me: int | None) -> str | None:
    return "true" if me is not None and me in ids_of(row, "assignee") else None


def _first_word(row: Row, _: int | None) -> str | None:
    return next(iter(text_in(row, "subject").split()), None)


FILTERS: dict[str, Filter] = {
    "status": Filter("list", _status, _are_choices, _status_of),
    "channel_ids": Filter("list", _channel, _are_ids, _first_id("channel")),
    "tag_ids": Filter("list", _tagged, _are_ids, _first_id("tags")),
    "search": Filter("text", _search, is_plain_term, _first_word),
    "unassigned": Filter("boolean", _unassigned, _is_boolean, _if_unassigned),
    "assigned_to_me": Filter("boolean", _assigned_to_me, _is_boolean, _if_mine),
}
"""Every filter of listTickets by its name: the only list of filters in the suite."""


def filter_of(name: str) -> Filter | None:
    """Return the filter with a name, or with the name of its parameter; None if there is none."""
    return FILTERS.get(filter_name(name) or name)
