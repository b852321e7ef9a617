"""What each documented filter and sort key means, as SQL on a row of `tickets`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    select,
    true,
)

from mockserver.contract.choices import Choices
from mockserver.store.database.schema import UNASSIGNED, texts, ticket_tags
from mockserver.store.search_text import LONGEST_PHRASE, MIN_TRIGRAM, folded, like_pattern, phrase

SORT_KEYS: dict[str, str] = {
    "created_at": "created",
    "updated_at": "updated",
    "last_activity_at": "active",
}
"""The column of each sort key."""

Condition = Callable[[Any, str], Any]
"""A condition on the rows of one layer of a table that has the columns of `tickets`.

It takes the table, and the name of the bound value that is the layer.
"""


class Filter(NamedTuple):
    """One filter with its value: its condition, the values bound in it, and its shape.

    `shape` is equal for conditions that differ only in their bound values. `counted`
    is true where the columns of `ticket_counts` suffice, `indexed` where the condition
    finds tickets by their texts.
    """

    condition: Condition
    values: Mapping[str, Any]
    shape: tuple[Any, ...]
    counted: bool = True
    indexed: bool = False


class Filters:
    """The filters of one request; they combine with AND.

    `given` maps a filter's name (without `filter[…]`) to its value as the contract
    types it: a list, a text or a boolean.
    """

    def __init__(self, given: Mapping[str, Any], context: "Context") -> None:
        filters = [FILTERS[name](value, context) for name, value in given.items()]
        self._conditions = [each.condition for each in filters]
        self.values = {name: value for each in filters for name, value in each.values.items()}
        self.shape = tuple((name, each.shape) for name, each in zip(given, filters, strict=True))
        self.counted = all(each.counted for each in filters)
        self.indexed = any(each.indexed for each in filters)

    def conditions(self, rows: Any, layer: str) -> list[ColumnElement[bool]]:
        return [condition(rows, layer) for condition in self._conditions]


class Context(NamedTuple):
    """What the meaning of a filter depends on besides its value."""

    user: int
    choices: Choices
    sqlite: bool


def _status(values: Sequence[str], _: Context) -> Filter:
    return _one_of("status", values)


def _channel_ids(ids: Sequence[int], _: Context) -> Filter:
    return _one_of("channel", ids)


def _one_of(column: str, values: Sequence[Any]) -> Filter:
    bound = {f"{column}_{number}": value for number, value in enumerate(dict.fromkeys(values))}
    if not bound:
        return Filter(lambda *_: false(), {}, ("none",))
    names = list(bound)
    return Filter(
        lambda rows, _: rows.c[column].in_([bindparam(name) for name in names]),
        bound,
        (len(names),),
    )


def _tag_ids(ids: Sequence[int], context: Context) -> Filter:
    bound = {f"tag_{number}": id for number, id in enumerate(dict.fromkeys(ids))}
    if not bound:
        return Filter(lambda *_: false(), {}, ("none",))
    names = list(bound)
    groups = [[name] for name in names] if context.choices.tag_match == "all" else [names]
    return Filter(
        lambda rows, layer: and_(*(_has_tag(rows, layer, group) for group in groups)),
        bound,
        (len(names),),
        counted=False,
    )


def _has_tag(rows: Any, layer: str, names: Sequence[str]) -> Any:
    tagged = select(ticket_tags.c.ticket).where(
        ticket_tags.c.layer == bindparam(layer),
        ticket_tags.c.tag.in_([bindparam(name) for name in names]),
    )
    return rows.c.id.in_(tagged)


def _search(term: str, context: Context) -> Filter:
    """A substring of the subject or of one message, in any case; no character is a wildcard."""
    whole = folded(term)
    words = whole.split() if context.choices.search == "words" else [whole]
    parts = [_contains(number, word, context) for number, word in enumerate(words) if word]
    return Filter(
        lambda rows, layer: and_(true(), *(part.condition(rows, layer) for part in parts)),
        {name: value for part in parts for name, value in part.values.items()},
        tuple(part.shape for part in parts),
        counted=not parts,
        indexed=any(part.indexed for part in parts),
    )


def _contains(number: int, term: str, context: Context) -> Filter:
    name = f"term_{number}"
    if not context.sqlite:
        return _contains_by_pattern(name, term)
    if len(term) < MIN_TRIGRAM:
        return Filter(lambda rows, _: _text_of(rows, name), {name: term}, ("scan",))
    phrase_name = f"phrase_{number}"
    indexed = {phrase_name: phrase(term)}
    if len(term) <= LONGEST_PHRASE:
        return Filter(
            lambda rows, _: _indexed(rows, phrase_name), indexed, ("index",), indexed=True
        )
    return Filter(
        lambda rows, _: and_(_indexed(rows, phrase_name), _text_of(rows, name)),
        indexed | {name: term},
        ("long",),
        indexed=True,
    )


def _contains_by_pattern(name: str, term: str) -> Filter:
    """On PostgreSQL, whose trigram index serves LIKE."""
    return Filter(
        lambda rows, _: rows.c.text.in_(
            select(texts.c.key).where(texts.c.text.like(bindparam(name), escape="\\"))
        ),
        {name: like_pattern(term)},
        ("like",),
    )


def _indexed(rows: Any, name: str) -> Any:
    found = select(literal_column("rowid", Integer)).select_from(func.texts_fts(bindparam(name)))
    return rows.c.text.in_(found)


def _text_of(rows: Any, name: str) -> ColumnElement[bool]:
    text = select(texts.c.text).where(texts.c.key == rows.c.text).scalar_subquery()
    return func.instr(text, bindparam(name)) > 0


def _assigned_to_me(wanted: bool, context: Context) -> Filter:
    return _assignee_is(context.user, "me", wanted, context)


def _unassigned(wanted: bool, context: Context) -> Filter:
    return _assignee_is(UNASSIGNED, "unassigned", wanted, context)


def _assignee_is(assignee: int, name: str, wanted: bool, context: Context) -> Filter:
    if not wanted and context.choices.false_filter == "no_filter":
        return Filter(lambda *_: true(), {}, ("off",))
    if wanted:
        return Filter(lambda rows, _: rows.c.assignee == bindparam(name), {name: assignee}, (True,))
    return Filter(lambda rows, _: rows.c.assignee != bindparam(name), {name: assignee}, (False,))


FILTERS: dict[str, Callable[[Any, Context], Filter]] = {
    "status": _status,
    "channel_ids": _channel_ids,
    "tag_ids": _tag_ids,
    "search": _search,
    "assigned_to_me": _assigned_to_me,
    "unassigned": _unassigned,
}
"""The one place that says what a filter means."""
