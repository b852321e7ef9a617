"""What each documented filter and sort key means: in a catalogue, and as SQL conditions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Integer, and_, bindparam, false, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from mockserver.contract.choices import Choices
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


class Among(Protocol):
    """The tickets of a seeded layer, from which filters choose."""

    @property
    def all(self) -> BitMap: ...

    def any_of(self, facet: str, values: Sequence[Any]) -> BitMap: ...

    def holding(self, term: str) -> BitMap: ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """One filter, twice: as a condition on a world's own rows, and on a seeded layer's sets."""

    condition: Callable[[Scope], Condition]
    choose: Callable[[Among], BitMap]


_EVERYTHING = Meaning(lambda _: true(), lambda among: among.all)


class Filters:
    """The filters of one request: what they mean, and the values their conditions refer to.

    `given` maps a filter's name (without `filter[…]`) to its value as the contract
    types it: a list, a text or a boolean. Filters combine with AND.
    """

    def __init__(self, given: Mapping[str, Any], user: int, choices: Choices) -> None:
        self._choices = choices
        self._user = user
        self.values: dict[str, Any] = {}
        self._meanings: list[Meaning] = []
        shape: list[Any] = []
        for name, value in given.items():
            before = len(self.values)
            self._meanings.append(MEANINGS[name](self, value))
            shape.append((name, value is True, len(self.values) - before))
        if self._uses_user(given):
            self.values["me"] = user
        self.shape = tuple(shape)
        """Equal for filters whose conditions differ only in their values."""

    def conditions(self, scope: Scope) -> list[Condition]:
        return [meaning.condition(scope) for meaning in self._meanings]

    def chosen(self, among: Among) -> BitMap:
        """Return the tickets of a seeded layer that pass."""
        found = [meaning.choose(among) for meaning in self._meanings]
        return BitMap.intersection(among.all, *found)

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for filters that mean the same."""
        return (self.shape, tuple(sorted(self.values.items())))

    def one_of(self, column: str, values: Sequence[Any]) -> Meaning:
        names = self._keep(column, values)
        return Meaning(
            lambda scope: (
                scope.rows.c[column].in_([bindparam(name) for name in names]) if names else false()
            ),
            lambda among: among.any_of(column, values),
        )

    def tags(self, ids: Sequence[int]) -> Meaning:
        names = self._keep("tag", ids)
        groups = [[name] for name in names] if self._choices.tag_match == "all" else [names]
        if not names:
            return Meaning(lambda _: false(), lambda _: BitMap())
        wanted = [[id] for id in ids] if self._choices.tag_match == "all" else [ids]
        return Meaning(
            lambda scope: and_(*(_carries(scope, group) for group in groups)),
            lambda among: BitMap.intersection(*(among.any_of("tag", each) for each in wanted)),
        )

    def search(self, term: str) -> Meaning:
        folded = term.casefold()
        words = folded.split() if self._choices.search == "words" else [folded]
        names = self._keep("term", words)
        return Meaning(
            lambda scope: and_(true(), *(_contains(scope, name) for name in names)),
            lambda among: BitMap.intersection(among.all, *map(among.holding, words)),
        )

    def assigned_to_me(self, wanted: bool) -> Meaning:
        if wanted:
            return Meaning(
                lambda scope: scope.rows.c.assignee == bindparam("me"),
                lambda among: among.any_of("assignee", [self._user]),
            )
        if self._choices.false_filter == "no_filter":
            return _EVERYTHING
        return Meaning(
            lambda scope: or_(
                scope.rows.c.assignee.is_(None), scope.rows.c.assignee != bindparam("me")
            ),
            lambda among: among.all - among.any_of("assignee", [self._user]),
        )

    def unassigned(self, wanted: bool) -> Meaning:
        if wanted:
            return Meaning(
                lambda scope: scope.rows.c.assignee.is_(None),
                lambda among: among.any_of("assignee", [None]),
            )
        if self._choices.false_filter == "no_filter":
            return _EVERYTHING
        return Meaning(
            lambda scope: scope.rows.c.assignee.is_not(None),
            lambda among: among.all - among.any_of("assignee", [None]),
        )

    def _keep(self, prefix: str, values: Sequence[Any]) -> list[str]:
        names = [f"{prefix}_{number}" for number in range(len(values))]
        self.values.update(zip(names, values, strict=True))
        return names

    def _uses_user(self, given: Mapping[str, Any]) -> bool:
        wanted = given.get("assigned_to_me")
        return wanted is True or (wanted is False and self._choices.false_filter == "opposite")


MEANINGS: dict[str, Callable[[Filters, Any], Meaning]] = {
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
