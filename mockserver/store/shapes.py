"""Texts as sentences with holes, where a ticket's particulars stood, such as names and numbers.

A million made-up texts come down to a few thousand such sentences. All texts are case-folded,
which leaves no capital A to Z in them: these letters are the holes, and END stands between texts.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from string import ascii_uppercase

HOLES, END = ascii_uppercase[:-1], ascii_uppercase[-1]

_SHORTEST = 3
"""Characters; a shorter particular would tear holes into other words."""

_HOLE = re.compile(rf"[{HOLES}]")
_STOPS = (". ", "! ", "? ")
_SEAM = re.compile(r"(?:^|[.!?]) ")


def holes_for(particulars: Iterable[str]) -> list[tuple[str, str]]:
    """Return a hole for each particular that is worth one: for like tickets the same holes."""
    folded = zip(HOLES, map(str.casefold, particulars), strict=False)
    return [(hole, value) for hole, value in folded if len(value) >= _SHORTEST]


def shapes(
    texts: Sequence[str], holes: Sequence[tuple[str, str]]
) -> tuple[set[str], list[tuple[str, str]]]:
    """Return the sentences of folded texts, and the holes that are in them.

    Texts without particulars are nobody's pattern: each stays whole.
    """
    if not holes:
        return set(texts), []
    joined = END.join(texts)
    found = []
    for hole, value in holes:
        opened = joined.replace(value, hole)
        if opened != joined:
            found.append((hole, value))
            joined = opened
    for stop in _STOPS:
        joined = joined.replace(stop, stop + END)
    return set(joined.split(END)), found


def parts(term: str) -> list[str]:
    """Return a term cut wherever it may run from one sentence into the next."""
    cuts = [0, *(seam.end() for seam in _SEAM.finditer(term)), len(term)]
    return [term[a:b] for a, b in pairwise(cuts) if a < b]


def is_pattern(sentence: str) -> bool:
    """Tell whether there are holes in a sentence."""
    return _HOLE.search(sentence) is not None
