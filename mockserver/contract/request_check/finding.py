"""A finding: one contract violation of a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args

Kind = Literal[
    "unknown_route",
    "unknown_method",
    "unknown_parameter",
    "repeated_parameter",
    "wrong_value",
    "wrong_media_type",
    "missing_field",
    "ignored_field",
    "ignored_body",
]
KINDS: tuple[str, ...] = get_args(Kind)

_ALSO_CALLED = {
    "limit": ("per_page",),
    "size": ("per_page",),
    "page_size": ("per_page",),
    "offset": ("page",),
    "order": ("sort",),
    "order_by": ("sort",),
    "q": ("filter[search]",),
    "query": ("filter[search]",),
    "mine": ("filter[assigned_to_me]",),
    "assignee": ("user_id", "filter[assigned_to_me]"),
    "assignee_id": ("user_id", "filter[assigned_to_me]"),
    "state": ("status",),
}
"""Names of other APIs for documented parameters and fields; the first that is known is meant."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`nearest` is the documented name that may have been intended."""

    kind: Kind
    place: str
    message: str
    nearest: str | None = None

    def __str__(self) -> str:
        return self.message + (f"; did you mean {self.nearest}?" if self.nearest else "")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most similar to `word`."""
    words = {name.lower(): name for name in known}
    for meant in _ALSO_CALLED.get(word.lower(), ()):
        if meant in words.values():
            return meant
    close = get_close_matches(word.lower(), words, n=1)
    return words[close[0]] if close else None
