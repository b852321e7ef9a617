"""Chooses filter combinations that reveal a deployment which ignores one of the filters."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import Any

from contract_tests.observations.filter_semantics import FILTERS, Reading, meets
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row
from contract_tests.probes.queries.search_terms import subject_terms

TRIED = 12
"""How many tickets are tried as the example of a combination."""
Values = dict[str, Any]
Told = tuple[str, str, bool]
_FEW_VALUES = ("status", "unassigned", "assigned_to_me")
"""Filters of which each value is combined with the others: a value may be lost, or changed."""


@dataclass(frozen=True)
class Combination:
    """Filters that one ticket meets all of, in the order in which they are sent.

    `told` are the triples (filter, another, whether it comes later), with the value of a filter
    that has few: losing the one in the other's company would let in a ticket that is known not to
    belong.
    """

    values: Values
    told: frozenset[Told]


@dataclass
class Combiner:
    """Makes combinations out of the tickets known, and knows what is still untold."""

    history: History
    rows: list[Row]
    me: int | None
    rng: Random
    told: set[Told] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._facts: dict[tuple[str, str], tuple[set[int], set[int]]] = {}
        self._revealed: dict[tuple[tuple[str, str], ...], list[str]] = {}
        self._made: dict[tuple[tuple[str, str], ...], Combination] = {}
        self._having: dict[tuple[str, ...], list[dict[str, str | None]]] = {}
        words = (term.text for row in self.rows for term in subject_terms(row))
        self._words = Counter(word.lower() for word in words)
        self._examples = [{name: self._value(row, name) for name in FILTERS} for row in self.rows]

    def next(self, sizes: Iterable[int]) -> Combination | None:
        """Return the combination that reveals the most new; None if nothing is left."""
        found = [best for size in sizes for names in _named(size) if (best := self._best(names))]
        self.rng.shuffle(found)
        best = max(found, key=lambda each: len(each.told - self.told), default=None)
        if best is None or not best.told - self.told:
            return None
        self.told |= best.told
        return best

    def _best(self, names: tuple[str, ...]) -> Combination | None:
        if names not in self._having:
            self._having[names] = [each for each in self._examples if all(map(each.get, names))]
        examples = self._having[names]
        tried = self.rng.sample(examples, min(TRIED, len(examples)))
        orders = (names, names[::-1])
        made = [
            self._combination(tuple((name, str(values[name])) for name in order))
            for values in tried
            for order in orders
        ]
        return max(made, key=lambda each: len(each.told - self.told), default=None)

    def _combination(self, values: tuple[tuple[str, str], ...]) -> Combination:
        if values not in self._made:
            self._made[values] = self._told_by(dict(values))
        return self._made[values]

    def _told_by(self, values: Values) -> Combination:
        names = tuple(values)
        place = names.index
        lost = self._shown(values)
        named = {name: f"{name}={values[name]}" if name in _FEW_VALUES else name for name in names}
        told = ((named[a], named[b], place(a) > place(b)) for a in lost for b in names if a != b)
        return Combination(values, frozenset(told))

    def _shown(self, values: Values) -> list[str]:
        """Return the filters without which some ticket would meet all of these."""
        key = tuple(sorted(values.items()))
        if key not in self._revealed:
            self._revealed[key] = [name for name in values if self._shows(name, values)]
        return self._revealed[key]

    def members(self, values: Values) -> int:
        """Return how many tickets are known to meet all of these filters."""
        met = [self._known(name, value)[0] for name, value in values.items()]
        return len(set.intersection(*met)) if met else 0

    def _shows(self, name: str, values: Values) -> bool:
        """True when some ticket meets all of the filters but this one."""
        met = (self._known(other, values[other])[0] for other in values if other != name)
        return bool(self._known(name, values[name])[1].intersection(*met))

    def _known(self, name: str, value: str) -> tuple[set[int], set[int]]:
        """Return the tickets that certainly meet a filter, and those that certainly do not."""
        if (name, value) not in self._facts:
            sure: tuple[set[int], set[int]] = set(), set()
            for row in self.rows:
                detail = self.history.texts(row["id"], row)
                answer = meets(f"filter[{name}]", value, row, detail, Reading(me=self.me))
                if answer is not None:
                    sure[0 if answer else 1].add(row["id"])
            self._facts[name, value] = sure
        return self._facts[name, value]

    def _value(self, row: Row, name: str) -> str | None:
        """Return a value of a filter that a ticket meets."""
        return self._word(row) if name == "search" else FILTERS[name].example(row, self.me)

    def _word(self, row: Row) -> str | None:
        """Return the word of a subject that most other subjects have too, but not too many."""
        words = [term.text for term in subject_terms(row)]
        common = [word for word in words if self._words[word.lower()] * 2 < len(self.rows)]
        return max(common or words, key=lambda word: self._words[word.lower()], default=None)


def _named(size: int) -> Iterator[tuple[str, ...]]:
    """Yield the names of filters that can be met together."""
    for names in combinations(FILTERS, size):
        if not {"unassigned", "assigned_to_me"} <= set(names):
            yield names
