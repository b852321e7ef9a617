"""The filters that are measured: each alone, in pairs, and searches for common and rare terms."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

GetPage = Callable[..., tuple[Any, float]]

_SAMPLE = 20
"""Subjects that the searched words are taken from."""


def filters(get_page: GetPage) -> dict[str, dict[str, str]]:
    """Return the query of each filter by its label; the searched words come from the tickets."""
    common, rare = _words(get_page)
    alone = {
        "open": {"filter[status]": "open"},
        "of a channel": {"filter[channel_ids]": "1"},
        "with one of two tags": {"filter[tag_ids]": "1,3"},
        "assigned to me": {"filter[assigned_to_me]": "true"},
        "unassigned": {"filter[unassigned]": "true"},
        "a common word": {"filter[search]": common},
    }
    pairs = {f"{one}, {other}": alone[one] | alone[other] for one, other in combinations(alone, 2)}
    terms = {
        "a rare word": rare,
        "a word in no ticket": "xylophonist",
        "a word in nearly all": "the",
        "one letter": "e",
        "one digit": "1",
        "two letters": "th",
        "a phrase": "kind regards",
        "a phrase with half a number": "order 1",
    }
    return {
        "all": {},
        **alone,
        **pairs,
        **{name: {"filter[search]": term} for name, term in terms.items()},
    }


def _words(get_page: GetPage) -> tuple[str, str]:
    """Return the commonest and the rarest of the longer words in some subjects."""
    rows = get_page(per_page=_SAMPLE)[0]["data"]
    words = {word for row in rows for word in row["subject"].split() if word.isalpha()}
    totals = {
        word: get_page(per_page=1, **{"filter[search]": word})[0]["meta"]["total"]
        for word in sorted(words)
        if len(word) > 3
    }
    return max(totals, key=lambda word: totals[word]), min(totals, key=lambda word: totals[word])
