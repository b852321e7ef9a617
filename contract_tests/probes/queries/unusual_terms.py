"""Unusual terms: signs, entities, other case, numbers and ids, which searches often get wrong."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import islice, product

from contract_tests.observations.ticket import Detail, text_in, text_pieces
from contract_tests.probes.queries.search_terms import (
    Term,
    always_indexed,
    certain,
    foreign_terms,
    phrases,
    stands_apart,
)

_NUMBER = re.compile(r"(?<![\w.,:-])[1-9]\d{2,5}(?![\w.,:-])")
_ENTITY = re.compile(r"&(?:#?\w{2,8});")
_ALL = re.compile(r"(?<!\w)[a-z]{3,40}(?!\w)")
_PHRASE = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '&])*[^\W\d_]")
NOWHERE = "qzxvwkjhgfdq"
"""A word that stands in no ticket."""
LONG = 20
"""Letters of a term that may be cut off."""


def replaced(term: Term, sign: str) -> str:
    """Return a term with a sign in place of its second letter.

    A search that takes the sign literally finds nothing, and where it separates words, hardly any
    ticket holds the two of them, or words that begin with them.
    """
    return f"{term.text[:1]}{sign}{term.text[2:]}"


def fit_for_signs(terms: list[Term]) -> list[Term]:
    """Return the term with the longest first word, if any: hardly any search finds parts of it."""
    return sorted(terms, key=lambda term: -len(term.text.split()[0]))[:1]


def with_signs(word: str) -> Iterator[str]:
    """Yield a word with signs: a search that leaves out, decodes or interprets them finds it.

    Where they separate words, what they leave is no word, nor the beginning of one.
    """
    for sign in "\"'\\":
        yield f"{word[:1]}{sign}{word[1:]}"
    yield f"{word[:1]}*{word[2:]}"
    yield f"{word}-{NOWHERE}"
    yield f"subject:{word}"
    yield f"%{ord(word[0]):02X}{word[1:]}"
    yield f"/{word[:1]}.{word[2:]}/"


def odd_phrases(details: list[Detail]) -> Iterator[str]:
    """Yield words that stand together in a message, in other case, the most telling first.

    A letter beyond ASCII has its own upper case, HTML spells some signs otherwise, and a ticket
    that holds the first of the words alone must not be found. Of equals, the end of a long message
    comes first.
    """
    found = {
        (-_oddity(run, details), run.lower() in always_indexed(text), run)
        for detail in details
        for message, text in zip(detail.messages, detail.texts, strict=True)
        for piece in text_pieces(text_in(message, "body_html"))
        for run in _windows(unescape(piece).split())
        if run in unescape(piece)
    }
    yield from (run.swapcase() for *_, run in sorted(found))


def _windows(words: list[str]) -> Iterator[str]:
    """Yield each two or three words that stand side by side, with no other signs than & and '."""
    for start, size in product(range(len(words)), (2, 3)):
        run = " ".join(words[start : start + size])
        if start + size <= len(words) and len(run) <= 2 * LONG and _PHRASE.fullmatch(run):
            yield run


def _oddity(run: str, details: list[Detail]) -> int:
    """Return how many sorts of faults a search for these words can reveal."""
    apart = any(stands_apart(run, detail) for detail in details)
    return apart + _has_foreign_case(run) + ("&" in run)


def unusual_terms(details: list[Detail]) -> Iterator[str]:
    """Yield a common word, signs that HTML or a query spells otherwise, an id, a number, and words.

    The words are a long term and one in other case with letters beyond ASCII.
    """
    words = Counter(
        word for d in details for word in {w for text in d.texts for w in certain(_ALL, text)}
    )
    yield from sorted(words, key=lambda word: (-words[word], word))[:1]
    yield from islice(_with_entities(details), 1)
    yield from islice(_with_apostrophes(details), 1)
    yield from (str(d.id) for d in details[:1] if str(d.id) not in d.everything)
    yield from islice(_numbers(details), 1)
    long = (run for run in phrases(details) if len(run) >= LONG)
    yield from (f"{run} {NOWHERE}" for run in islice(long, 1))
    foreign = (term.text for term in foreign_terms(details))
    yield from islice((word.swapcase() for word in foreign if _has_foreign_case(word)), 1)


def _has_foreign_case(word: str) -> bool:
    """True for a word with a letter beyond ASCII in two cases, which lead to each other."""
    both = word.swapcase().swapcase() == word and word.upper().lower() == word.lower()
    return both and any(not c.isascii() and c.upper() != c.lower() for c in word)


def _with_entities(details: list[Detail]) -> Iterator[str]:
    """Yield words of messages with a sign that their source spells as an entity."""
    for piece in (piece for piece in _pieces(details) if _ENTITY.search(piece)):
        for words in _around(unescape(piece), '&<>"'):
            if words not in piece:
                yield words


def _with_apostrophes(details: list[Detail]) -> Iterator[str]:
    """Yield words of subjects and messages around one with an apostrophe."""
    subjects = [text_in(detail.ticket, "subject") for detail in details]
    for piece in (*subjects, *_pieces(details)):
        yield from _around(unescape(piece), "'")


def _pieces(details: list[Detail]) -> Iterator[str]:
    for detail in details:
        for message in detail.messages:
            yield from text_pieces(text_in(message, "body_html"))


def _around(text: str, signs: str) -> Iterator[str]:
    """Yield each word with one of the signs, and its neighbours, with single blanks between."""
    words = text.split()
    for index, word in enumerate(words):
        if any(sign in word.strip(signs) or word == sign for sign in signs):
            run = " ".join(words[max(0, index - 1) : index + 2]).strip(".,;:!?()")
            if run in text and len(run) <= 2 * LONG and run[0].isalnum() and run[-1].isalnum():
                yield run


def _numbers(details: list[Detail]) -> Iterator[str]:
    """Yield the numbers in messages, first those that are the id of a ticket without them."""
    found = sorted({n for d in details for text in d.texts for n in certain(_NUMBER, text)})
    ids = {str(detail.id): detail for detail in details}
    yield from (n for n in found if n in ids and n not in ids[n].everything)
    yield from (n for n in found if n not in ids)
