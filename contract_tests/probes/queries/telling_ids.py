"""Telling ids: the two channels or tags whose lists reveal the most faults."""

from collections.abc import Iterable
from itertools import permutations

from contract_tests.observations.ticket import ids_of
from contract_tests.probes.explorer import Explorer

MOST_IDS = 30
"""How many of the commonest ids are weighed against each other."""


def telling_ids(explorer: Explorer, name: str) -> list[int]:
    """Return the two ids in use whose lists reveal the most faults, together or alone."""
    used = explorer.counts(name)
    if len(used) < 2:
        return list(used)
    owners = {found: _owners(explorer, name, found) for found in list(used)[:MOST_IDS]}
    told = {pair: _told(*pair, owners, used) for pair in permutations(owners, 2)}
    weight = {pair: (told[pair], sum(used[found] for found in pair)) for pair in told}
    best = max(weight, key=lambda pair: weight[pair])
    return list(best)


def adding_ids(explorer: Explorer, name: str, ids: list[int]) -> list[int]:
    """Return the other ids in use, those first that add most tickets to the ones of `ids`."""
    known = {ticket for found in ids for ticket in _owners(explorer, name, found)}
    others = [found for found in list(explorer.counts(name))[:MOST_IDS] if found not in ids]
    added = {found: len(_owners(explorer, name, found) - known) for found in others}
    return sorted((found for found in others if added[found]), key=lambda found: -added[found])


def _owners(explorer: Explorer, name: str, wanted: int) -> set[int]:
    return {int(row["id"]) for row in explorer.rows() if wanted in ids_of(row, name)}


def _told(one: int, two: int, owners: dict[int, set[int]], used: Iterable[int]) -> int:
    """Count the faults in reading id lists that a pair of ids can reveal.

    A ticket of both may come twice, a ticket of either may be lost; digits of the one within a
    third id, or a third id between the two, would let in that one's tickets.
    """
    alone = bool(owners[one] - owners[two]) + bool(owners[two] - owners[one])
    both = bool(owners[one] & owners[two])
    others = [other for other in used if other not in (one, two)]
    within = any(str(one) in str(other) for other in others)
    between = any(min(one, two) < other < max(one, two) for other in others)
    return alone + both + within + between
