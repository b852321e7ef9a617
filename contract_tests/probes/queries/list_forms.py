"""Chooses sort, page size, page and order of parameters, so that each meets each filter once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from random import Random
from typing import Any

SORTS = ("created_at", "-created_at", "updated_at", "-updated_at",
         "last_activity_at", "-last_activity_at")  # fmt: skip
SIZES = (100, 1, 2, 3, 10, 50)
PAGES = (1, 2, 3)
CONSIDERED = 60
"""How many forms are weighed against each other for one request."""


@dataclass(frozen=True)
class Form:
    """How a list is asked for; `filters_last`: page, page size, sort and filters, in this order."""

    sort: str
    per_page: int
    page: int
    filters_last: bool

    def query(self, filters: dict[str, Any]) -> dict[str, Any]:
        """Return the whole query, in the order in which it is sent."""
        rest: dict[str, Any] = {"sort": self.sort, "per_page": self.per_page}
        rest |= {"page": self.page} if self.page > 1 else {}
        if self.filters_last:
            return {**dict(reversed(rest.items())), **filters}
        return {**filters, **rest}

    def pairs(self, filters: Iterable[str]) -> Iterator[tuple[object, ...]]:
        """Yield what this form brings together: each filter with each part, and parts."""
        parts = (("sort", self.sort), ("per_page", self.per_page), ("page", self.page),
                 ("filters_last", self.filters_last))  # fmt: skip
        yield from product(filters, parts)
        yield from combinations(parts[:3], 2)


@dataclass
class Forms:
    """A covering array of pairs, built as the run goes: values depend on the tickets seen."""

    rng: Random
    covered: set[tuple[object, ...]] = field(default_factory=set)

    def next(self, filters: Iterable[str], members: int) -> Form:
        """Return the form that brings the most new pairs together.

        `members`: how many tickets are known to meet the filters; its page must hold some.
        """
        names = tuple(filters)
        possible = [
            Form(*parts)
            for parts in product(SORTS, SIZES, PAGES, (False, True))
            if parts[2] == 1 or parts[1] * (parts[2] - 1) < members
        ]
        tried = self.rng.sample(possible, min(CONSIDERED, len(possible)))
        best = max(tried, key=lambda form: len(set(form.pairs(names)) - self.covered))
        self.covered.update(best.pairs(names))
        return best
