"""Renamed fields: what one side lacks, and what it has in its place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from contract_tests.comparison.two_deployments import Difference

MISSING = "missing"


@dataclass(frozen=True)
class Renaming:
    """A field with another name on each side; `differences` are those that it explains."""

    operation: str
    left: str
    right: str
    differences: tuple[Difference, ...]


class _Field(NamedTuple):
    """A field that only one side has: its form, and the requests that show it."""

    operation: str
    parent: str
    form: str
    requests: frozenset[str]


def renamings(differences: Iterable[Difference]) -> Iterator[Renaming]:
    """Yield the renamed fields.

    Two fields are one when, of their parent, form and requests, each is the only one that the
    other side lacks.
    """
    one_sided: dict[tuple[str, str], list[Difference]] = defaultdict(list)
    for each in differences:
        if MISSING in (each.left, each.right):
            one_sided[each.operation, each.trait].append(each)
    places: dict[_Field, dict[bool, list[list[Difference]]]] = defaultdict(
        lambda: {True: [], False: []}
    )
    for found in one_sided.values():
        places[_field(found)][found[0].right == MISSING].append(found)
    for field, sides in places.items():
        if len(sides[True]) == len(sides[False]) == 1:
            left, right = sides[True][0], sides[False][0]
            yield Renaming(field.operation, left[0].trait, right[0].trait, (*left, *right))


def _field(found: list[Difference]) -> _Field:
    first = found[0]
    form = first.left if first.right == MISSING else first.right
    requests = frozenset(each.request for each in found)
    return _Field(first.operation, first.trait.rpartition(".")[0], form, requests)
