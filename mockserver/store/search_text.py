"""Search texts and terms: case-folded, one text for each ticket, exact for any characters."""

from collections.abc import Iterable

from mockserver.contract.html_text import text_of

MIN_TRIGRAM = 3
"""Characters; the index knows nothing of shorter terms."""

LONGEST_PHRASE = 100
"""Characters looked up in the index; a longer term is then compared as a whole."""

_SEPARATOR = "\x1f"
"""Between subject and messages, so that no term matches across them."""

_REPLACED = str.maketrans(dict.fromkeys(f"\0\ufffe\uffff{_SEPARATOR}", "\ufffd"))
"""Characters that PostgreSQL does not store, or SQLite's index does not distinguish."""


def folded(text: str) -> str:
    """Return a text in the form in which texts and terms are compared."""
    return text.casefold().translate(_REPLACED)


def search_text(subject: str, bodies_html: Iterable[str]) -> str:
    """Return what a ticket is found by: its subject and the text of each message."""
    return _SEPARATOR.join([folded(subject), *(folded(text_of(body)) for body in bodies_html)])


def extended(text: str, body_html: str) -> str:
    """Return a search text with one more message."""
    return f"{text}{_SEPARATOR}{folded(text_of(body_html))}"


def phrase(term: str) -> str:
    """Return the query of the trigram index for the beginning of a term."""
    return '"{}"'.format(term[:LONGEST_PHRASE].replace('"', '""'))


def like_pattern(term: str) -> str:
    """Return a LIKE pattern that matches a term anywhere, with a backslash as escape."""
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
