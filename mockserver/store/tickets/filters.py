"""What each documented filter and sort key means, as SQL on a row of `tickets`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from mockserver.contract.choices import Choices
from mockserver.store.database.schema import UNASSIGNED
from mockserver.store.search_text import LONGEST_PHRASE, MIN_TRIGRAM, folded, like_pattern, phrase

SORT_KEYS: dict[str, str] = {
    "created_at": "created",
    "updated_at": "updated",
    "last_activity_at": "active",
}
"""The column of each sort key."""

_ROW = 100
"""Expressions that stand in one row, joined by an operator."""


class Condition(NamedTuple):
    """SQL that selects rows of `tickets`, and the values named in it.

    In `sql`, `{layer}` stands for the layer of the rows. `counted` is true where the
    columns of `ticket_counts` suffice, `indexed` where texts are found by their index.
    """

    sql: str
    values: Mapping[str, Any] = {}
    counted: bool = True
    indexed: bool = False


class Context(NamedTuple):
    """What the meaning of a filter depends on besides its value."""

    user: int
    choices: Choices
    sqlite: bool


def condition(given: Mapping[str, Any], context: Context) -> Condition:
    """Combine the filters of one request with AND.

    `given` maps a filter's name (without `filter[…]`) to its value as the contract
    types it: a list, a text or a boolean.
    """
    return _all([FILTERS[name](value, context) for name, value in given.items()])


def _all(parts: Sequence[Condition]) -> Condition:
    return Condition(
        _joined([part.sql for part in parts], "AND") or "TRUE",
        {name: value for part in parts for name, value in part.values.items()},
        counted=all(part.counted for part in parts),
        indexed=any(part.indexed for part in parts),
    )


def _any(parts: Sequence[Condition]) -> Condition:
    together = _all(parts)
    return together._replace(sql=f"({_joined([f'({part.sql})' for part in parts], 'OR')})")


def _joined(parts: Sequence[str], operator: str) -> str:
    """Join expressions in nested groups: SQLite nests the parts of a long row, to 1,000 levels."""
    if len(parts) <= _ROW:
        return f" {operator} ".join(parts)
    half = len(parts) // 2
    groups = (_joined(parts[:half], operator), _joined(parts[half:], operator))
    return f" {operator} ".join(f"({group})" for group in groups)


def _status(values: Sequence[str], _: Context) -> Condition:
    return _one_of("status", values)


def _channel_ids(ids: Sequence[int], _: Context) -> Condition:
    return _one_of("channel", ids)


def _one_of(column: str, values: Sequence[Any]) -> Condition:
    bound = {f"{column}_{number}": value for number, value in enumerate(dict.fromkeys(values))}
    if not bound:
        return Condition("FALSE")
    return Condition(f"{column} IN ({_names(bound)})", bound)


def _tag_ids(ids: Sequence[int], context: Context) -> Condition:
    bound = {f"tag_{number}": id for number, id in enumerate(dict.fromkeys(ids))}
    if not bound:
        return Condition("FALSE", counted=False)
    groups = [[name] for name in bound] if context.choices.tag_match == "all" else [bound]
    tagged = "id IN (SELECT ticket FROM ticket_tags WHERE layer = {{layer}} AND tag IN ({}))"
    sql = " AND ".join(tagged.format(_names(group)) for group in groups)
    return Condition(sql, bound, counted=False)


def _names(bound: Any) -> str:
    return ", ".join(f":{name}" for name in bound)


def _search(term: str, context: Context) -> Condition:
    """A substring of the subject or of one message, in any case; no character is a wildcard."""
    text, numbers = folded(term), count()
    either = dict.fromkeys(text.split(",")) if context.choices.search_comma == "any" else [text]
    parts = [_contains_all(each, numbers, context) for each in either if each]
    return _any(parts) if len(parts) > 1 else _all(parts)


def _contains_all(term: str, numbers: Iterator[int], context: Context) -> Condition:
    words = dict.fromkeys(term.split()) if context.choices.search == "words" else [term]
    contains = _contains if context.sqlite else _contains_by_pattern
    return _all([contains(next(numbers), word) for word in words if word])


def _contains(number: int, term: str) -> Condition:
    """Find a term by SQLite's trigram index, or a short one by reading each text."""
    name = f"term_{number}"
    text = f"instr((SELECT text FROM texts WHERE key = tickets.text), :{name}) > 0"
    if len(term) < MIN_TRIGRAM:
        return Condition(text, {name: term}, counted=False)
    found = f"text IN (SELECT rowid FROM texts_fts(:phrase_{number}))"
    values = {f"phrase_{number}": phrase(term)}
    if len(term) > LONGEST_PHRASE:
        found, values = f"{found} AND {text}", values | {name: term}
    return Condition(found, values, counted=False, indexed=True)


def _contains_by_pattern(number: int, term: str) -> Condition:
    """Find a term on PostgreSQL, whose trigram index serves LIKE."""
    name = f"term_{number}"
    found = rf"text IN (SELECT key FROM texts WHERE text LIKE :{name} ESCAPE '\')"
    return Condition(found, {name: like_pattern(term)}, counted=False)


def _assigned_to_me(wanted: bool, context: Context) -> Condition:
    return _assignee_is(context.user, "me", wanted, context)


def _unassigned(wanted: bool, context: Context) -> Condition:
    return _assignee_is(UNASSIGNED, "nobody", wanted, context)


def _assignee_is(assignee: int, name: str, wanted: bool, context: Context) -> Condition:
    if not wanted and context.choices.false_filter == "no_filter":
        return Condition("TRUE")
    return Condition(f"assignee {'=' if wanted else '<>'} :{name}", {name: assignee})


FILTERS: dict[str, Callable[[Any, Context], Condition]] = {
    "status": _status,
    "channel_ids": _channel_ids,
    "tag_ids": _tag_ids,
    "search": _search,
    "assigned_to_me": _assigned_to_me,
    "unassigned": _unassigned,
}
"""The one place that says what a filter means."""
