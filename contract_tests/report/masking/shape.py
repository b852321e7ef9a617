"""The shape of a masked value: which kinds of characters it has, and in which order."""

import re

SHAPE = re.compile(r" \(of the shape [^()]+\)")
"""What follows the placeholder of a value in a sentence that names the rule it breaks."""
BREAKS_RULE = re.compile(" does not (match|fit) | is not (one of|in the format) ")
_LONGEST = 30
"""Characters; the shape of a longer text is no help."""
_SHOWN = " #+,-./:;@_%"


def of(text: str) -> str:
    """Return the words for the shape of a text; empty for a long one."""
    shape = "".join(map(_kind, text))
    return f" (of the shape {shape})" if 0 < len(text) <= _LONGEST else ""


def _kind(character: str) -> str:
    if character.isalpha():
        return "A" if character.isupper() else "a"
    if character.isdigit():
        return "9"
    return character if character in _SHOWN else "?"
