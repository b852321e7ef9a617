"""Search matches: what a search must find in a text, and what it may find.

The page does not say how a term is matched: by parts of the text, by whole words, their beginnings
or their stems; with or without accents; with signs as text or as separators. So a term must be
found only where all of them find it, and must not be found only where none of them does.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import takewhile

SHORTEST = 3
"""Letters of a term that every search must find; an index of words may leave out shorter ones."""
_SPACED = {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC"}
"""Scripts with blanks between words: without them, what a word is depends on a dictionary."""
_UNDECOMPOSED = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
)
"""Letters that have no decomposition, and what they are searched by."""
_UMLAUT = re.compile("([aou])e")
_WORD = re.compile(r"\w+")


def must_find(term: str, text: str) -> bool:
    """Return whether every search finds a term in a text: it stands there as words of its own."""
    return len(term) >= SHORTEST and _is_ordinary(term) and stands_in(term, text)


@lru_cache(maxsize=100_000)
def stands_in(term: str, text: str) -> bool:
    """Return whether a term stands in a text in either case, and its ends are those of words."""
    if not term or term.lower() not in text.lower():
        return False
    return any(
        not _is_inner(text[: match.start()][-1:]) and not _is_inner(text[match.end() :][:1])
        for match in _alone(term).finditer(text)
    )


@lru_cache(maxsize=512)
def _alone(term: str) -> re.Pattern[str]:
    """Return a pattern for a term that no sign ties to another word, as in an address or a URL."""
    before, after = r"(?<!\w)(?<!\w[^\w\s])", r"(?!\w)(?![^\w\s]\w)"
    return re.compile(f"{before}{re.escape(term)}{after}", re.IGNORECASE)


def _is_inner(char: str) -> bool:
    """True for a part of a word that is no letter: an accent, a joiner, a mark of direction."""
    return bool(char) and unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf")


@lru_cache(maxsize=10_000)
def _is_ordinary(term: str) -> bool:
    """True for words in a script with blanks, in the spelling that others are normalised to."""
    letters = [char for char in term if char.isalnum()]
    return (
        bool(letters)
        and unicodedata.normalize("NFKC", term) == term
        and not any(map(_is_inner, term))
        and all(char.isascii() or _script(char) in _SPACED for char in letters)
    )


def may_find(term: str, text: str) -> bool:
    """Return whether some search finds a term in a text that is `folded` already.

    Each of its words stands there, be it as a part of a word, or another form of it does.
    """
    return all(part in text or _has_form_of(part, text) for part in _parts(term))


@lru_cache(maxsize=10_000)
def _parts(term: str) -> list[str]:
    """Return the words of a term; in a script without blanks, each letter may be one."""
    words = folded(term).split()
    return [part for word in words for part in (word if _is_unspaced(word) else [word])]


def folded(text: str) -> str:
    """Return a text without what a search may leave out of account: case, accents, ligatures."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    return _UMLAUT.sub(r"\1", "".join(char for char in apart if not _is_inner(char)))


def _has_form_of(word: str, text: str) -> bool:
    """True when a word of the text may have the same stem: they differ in their endings only."""
    if not word.isalnum():
        return False
    return any(_may_share_stem(word, other) for other in _by_beginning(text).get(word[:3], ()))


def _may_share_stem(word: str, other: str) -> bool:
    shorter, longer = sorted((len(word), len(other)))
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False))
    common = sum(1 for _ in alike)
    return common >= max(3, shorter - 3, 0.4 * longer)


@lru_cache(maxsize=2_000)
def _by_beginning(text: str) -> dict[str, list[str]]:
    """Return the words of a text by their first three letters."""
    found: dict[str, list[str]] = {}
    for word in dict.fromkeys(_WORD.findall(text)):
        found.setdefault(word[:3], []).append(word)
    return found


def _is_unspaced(word: str) -> bool:
    return any(char.isalpha() and _script(char) not in _SPACED for char in word)


@lru_cache(maxsize=10_000)
def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]
