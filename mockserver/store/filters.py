"""What each documented filter and sort key means, as SQL conditions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, false, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from mockserver.choices import Choices
from mockserver.store.tables import messages, tagged, tickets

SORT_KEYS: dict[str, Any] = {
    "created_at": tickets.c.created,
    "updated_at": tickets.c.updated,
    "last_activity_at": tickets.c.active,
}

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where rows are looked for: a table of tickets, and the layers its messages may be in."""

    rows: Any
    message_layers: Sequence[str]


class Filters:
    """The filters of one request: their conditions, and the values those refer to.

    `given` maps a filter's name (without `filter[…]`) to its value as the contract
    types it: a list, a text or a boolean. Filters combine with AND.
    """

    def __init__(self, given: Mapping[str, Any], user: int, choices: Choices) -> None:
        self._choices = choices
        self.values: dict[str, Any] = {}
        self._make: list[Callable[[Scope], Condition]] = []
        shape: list[Any] = []
        for name, value in given.items():
            before = len(self.values)
            self._make.append(MEANINGS[name](self, value))
            shape.append((name, value is True, len(self.values) - before))
        if self._uses_user(given):
            self.values["me"] = user
        self.shape = tuple(shape)
        """Equal for filters whose conditions differ only in their values."""

    def conditions(self, scope: Scope) -> list[Condition]:
        return [make(scope) for make in self._make]

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for filters that mean the same."""
        return (self.shape, tuple(sorted(self.values.items())))

    def one_of(self, column: str, values: Sequence[Any]) -> Callable[[Scope], Condition]:
        names = self._keep(column, values)
        if not names:
            return lambda _: false()
        return lambda scope: scope.rows.c[column].in_([bindparam(name) for name in names])

    def tags(self, ids: Sequence[int]) -> Callable[[Scope], Condition]:
        names = self._keep("tag", ids)
        if not names:
            return lambda _: false()
        if self._choices.tag_match == "all":
            return lambda scope: and_(*(_carries(scope, [name]) for name in names))
        return lambda scope: _carries(scope, names)

    def search(self, term: str) -> Callable[[Scope], Condition]:
        folded = term.casefold()
        words = folded.split() if self._choices.search == "words" else [folded]
        names = self._keep("term", words)
        return lambda scope: and_(true(), *(_contains(scope, name) for name in names))

    def assigned_to_me(self, wanted: bool) -> Callable[[Scope], Condition]:
        if wanted:
            return lambda scope: scope.rows.c.assignee == bindparam("me")
        if self._choices.false_filter == "no_filter":
            return lambda _: true()
        return lambda scope: or_(
            scope.rows.c.assignee.is_(None), scope.rows.c.assignee != bindparam("me")
        )

    def unassigned(self, wanted: bool) -> Callable[[Scope], Condition]:
        if wanted:
            return lambda scope: scope.rows.c.assignee.is_(None)
        if self._choices.false_filter == "no_filter":
            return lambda _: true()
        return lambda scope: scope.rows.c.assignee.is_not(None)

    def _keep(self, prefix: str, values: Sequence[Any]) -> list[str]:
        names = [f"{prefix}_{number}" for number in range(len(values))]
        self.values.update(zip(names, values, strict=True))
        return names

    def _uses_user(self, given: Mapping[str, Any]) -> bool:
        wanted = given.get("assigned_to_me")
        return wanted is True or (wanted is False and self._choices.false_filter == "opposite")


MEANINGS: dict[str, Callable[[Filters, Any], Callable[[Scope], Condition]]] = {
    "status": lambda filters, values: filters.one_of("status", values),
    "channel_ids": lambda filters, values: filters.one_of("channel", values),
    "tag_ids": Filters.tags,
    "search": Filters.search,
    "assigned_to_me": Filters.assigned_to_me,
    "unassigned": Filters.unassigned,
}


class position(GenericFunction[int]):  # noqa: N801 - SQLAlchemy names functions as SQL does
    """Where a text first occurs in another, from 1; 0: nowhere. No character is a wildcard."""

    type = Integer()
    inherit_cache = True


@compiles(position, "sqlite")
def _(element: Any, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(position, "postgresql")
def _(element: Any, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


def order(sort: Sequence[str], columns_of: Any) -> list[ColumnElement[Any]]:
    """Return the ORDER BY of sort keys such as `-updated_at`; ties by id, as the last key runs."""
    columns = [columns_of[SORT_KEYS[key.removeprefix("-")].name] for key in sort]
    columns.append(columns_of["id"])
    falling = [key.startswith("-") for key in [*sort, sort[-1]]]
    return [c.desc() if down else c.asc() for c, down in zip(columns, falling, strict=True)]


def _carries(scope: Scope, names: Sequence[str]) -> Condition:
    return (
        select(tagged.c.ticket)
        .where(
            tagged.c.layer == scope.rows.c.layer,
            tagged.c.ticket == scope.rows.c.id,
            tagged.c.tag.in_([bindparam(n) for n in names]),
        )
        .exists()
    )


def _contains(scope: Scope, name: str) -> Condition:
    """In the subject or in the text of any one message; no character is a wildcard."""
    term: ColumnElement[Any] = bindparam(name)
    inside = (
        select(messages.c.id)
        .where(
            messages.c.layer.in_([bindparam(layer) for layer in scope.message_layers]),
            messages.c.ticket == scope.rows.c.id,
            position(messages.c.text, term) > 0,
        )
        .exists()
    )
    return or_(position(scope.rows.c.subject, term) > 0, inside)
