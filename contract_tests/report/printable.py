"""Text of a deployment as a terminal may show it: control characters appear as escapes."""

import re
from typing import Any

from contract_tests.client.masking import map_strings

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""C0 and C1 controls, line separators, and marks that change the direction of text."""


def printable(text: str) -> str:
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def printable_strings(node: Any) -> Any:
    """Return a copy of a JSON value in which every string is printable."""
    return map_strings(node, lambda text, _: printable(text), printable)
