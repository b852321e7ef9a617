"""Search terms taken from what was read: words that stand in one place of one ticket only."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice, product
from random import Random

from contract_tests.observations.ticket import Detail, Row, plain_text, text_pieces

# Words of more than 40 letters make a URL that servers refuse, and slow patterns without a limit.
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{4,40}(?![^\W\d_])")
_SHORT = re.compile(r"(?<![^\W_])[^\W\d_]{3}(?![^\W_])")
_NUMBER = re.compile(r"(?<![\w.,:-])[1-9]\d{2,5}(?![\w.,:-])")
_ENTITY = re.compile(r"&(?:#?\w{2,8});")
_ALL = re.compile(r"(?<!\w)[a-z]{3,40}(?!\w)")
NOWHERE = "qzxvwkjhgfdq"
"""A word that stands in no ticket."""
LONG = 20
"""Letters of a term that may be cut off."""
_PHRASE = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '&])*[^\W\d_]")
_RUN = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,40}(?: [^\W\d_]{2,40}){1,2}(?![^\W\d_])")


@dataclass(frozen=True)
class Term:
    """A term, and the place it was taken from."""

    text: str
    ticket: int
    place: str
    index: int = 0
    """Which message it stands in, from 0."""
    kind: str = ""
    """The type of that message."""


def subject_terms(row: Row) -> Iterator[Term]:
    """Yield the words of a subject, the longest first."""
    words = set(_WORD.findall(str(row.get("subject", ""))))
    for word in sorted((w for w in words if w.isascii()), key=lambda w: (-len(w), w)):
        yield Term(word, int(row["id"]), "subject")


def common_terms(rows: list[Row]) -> list[Term]:
    """Return the words that stand in several subjects, but not in most, the commonest first."""
    found = [term for row in rows for term in subject_terms(row)]
    counts = Counter(term.text.lower() for term in found)
    common = [term for term in found if 1 < counts[term.text.lower()] <= max(2, len(rows) // 4)]
    common.sort(key=lambda term: (-counts[term.text.lower()], term.text.lower(), term.ticket))
    return common or found


def short_terms(rows: list[Row]) -> list[Term]:
    """Return words of three letters that stand in subjects, the rarest first.

    What stands everywhere may be left out of an index of words.
    """
    found: dict[str, list[int]] = {}
    for row in rows:
        for word in set(_SHORT.findall(str(row.get("subject", "")))):
            found.setdefault(word, []).append(int(row["id"]))
    rare = sorted((len(ids), word) for word, ids in found.items() if word.isascii())
    return [Term(word, found[word][0], "a short word of a subject") for _, word in rare]


def phrases(details: list[Detail]) -> Iterator[str]:
    """Yield runs of words of a message, whose first word stands in a ticket without the rest."""
    for detail in details:
        for html in (str(message.get("body_html", "")) for message in detail.messages[:3]):
            for run in (run for piece in text_pieces(html) for run in _RUN.findall(piece)):
                if run.isascii() and any(_stands_apart(run, other) for other in details):
                    yield run


def _stands_apart(run: str, detail: Detail) -> bool:
    first, *rest = run.lower().split()
    text = detail.everything
    return first in text and not all(word in text for word in rest)


def message_terms(detail: Detail, index: int, rng: Random) -> Iterator[Term]:
    """Yield words, then short phrases, that stand in one message of the ticket and nowhere else."""
    html, kind = (str(detail.messages[index].get(name, "")) for name in ("body_html", "type"))
    elsewhere = _elsewhere(detail, index)
    for pattern in (_WORD, _RUN):
        pieces = [
            " ".join(unescape(piece).split()) for piece in text_pieces(html) if "&" not in piece
        ]
        found = sorted({match for piece in pieces for match in pattern.findall(piece)})
        rng.shuffle(found)
        for text in found:
            if text.isascii() and text.lower() not in elsewhere:
                place = f"message {index + 1} of {len(detail.messages)}"
                yield Term(text, detail.id, place, index, kind)


def odd_phrases(details: list[Detail]) -> Iterator[str]:
    """Yield words that stand together in a message, in other case, the most telling first.

    A letter beyond ASCII has its own upper case, HTML spells some signs otherwise, and a ticket
    that holds the first of the words alone must not be found.
    """
    found = {
        (_oddity(run, details), run)
        for detail in details
        for html in (str(message.get("body_html", "")) for message in detail.messages)
        for piece in text_pieces(html)
        for run in _windows(unescape(piece).split())
    }
    ordered = sorted(found, key=lambda each: (-each[0], each[1]))
    yield from (run.swapcase() for _, run in ordered)


def _windows(words: list[str]) -> Iterator[str]:
    """Yield each two or three words that stand side by side, with no other signs than & and '."""
    for start, size in product(range(len(words)), (2, 3)):
        run = " ".join(words[start : start + size])
        if start + size <= len(words) and len(run) <= 2 * LONG and _PHRASE.fullmatch(run):
            yield run


def _oddity(run: str, details: list[Detail]) -> int:
    """Return how many sorts of faults a search for these words can reveal."""
    apart = any(_stands_apart(run, detail) for detail in details)
    return apart + _has_foreign_case(run) + ("&" in run)


def foreign_terms(details: list[Detail]) -> Iterator[Term]:
    """Yield words with letters beyond ASCII."""
    for detail in details:
        for html in (str(m.get("body_html", "")) for m in detail.messages):
            words = _WORD.findall(plain_text(html))
            for word in sorted({w for w in words if not w.isascii()}):
                yield Term(word, detail.id, "a message, beyond ASCII")


def terms_by_place(details: list[Detail], rng: Random) -> list[Term]:
    """Return terms from messages of every type and place, one of each."""
    found: dict[tuple[int, str], Term] = {}
    for detail in sorted(details, key=lambda detail: -min(5, len(detail.messages))):
        for index, message in enumerate(detail.messages):
            place = _place(index, len(detail.messages), str(message.get("type")))
            if place not in found and (term := next(message_terms(detail, index, rng), None)):
                found[place] = term
    return [found[place] for place in sorted(found)]


def _place(index: int, count: int, kind: str) -> tuple[int, str]:
    """Return which message of its ticket it is: first, middle, latest, only; and its type."""
    if count == 1:
        return 3, kind
    return (2 if index == count - 1 else min(index, 1)), kind


def replaced(term: Term, sign: str) -> str:
    """Return a term with a sign in place of a letter: a search that takes it literally fails."""
    middle = len(term.text) // 2
    while term.text[middle] == " ":
        middle -= 1
    return f"{term.text[:middle]}{sign}{term.text[middle + 1 :]}"


def with_signs(word: str) -> Iterator[str]:
    """Yield a word with signs: a search that leaves out, decodes or interprets them finds it."""
    middle = len(word) // 2
    for sign in "\"'\\":
        yield f"{word[:middle]}{sign}{word[middle:]}"
    yield f"{word[:middle]}*"
    yield f"{word}-{NOWHERE}"
    yield f"subject:{word}"
    yield f"%{ord(word[0]):02X}{word[1:]}"
    yield f"/{word[:middle]}.{word[middle + 1 :]}/"


def unusual_terms(details: list[Detail]) -> Iterator[str]:
    """Yield a common word, signs that HTML or a query spells otherwise, an id, a number, and words.

    The words are a long term and one in other case with letters beyond ASCII.
    """
    words = Counter(
        word for detail in details for word in set(_ALL.findall(" ".join(detail.texts)))
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
        for words in _around(unescape(piece).split(), '&<>"'):
            if words not in piece:
                yield words


def _with_apostrophes(details: list[Detail]) -> Iterator[str]:
    """Yield words of subjects and messages around one with an apostrophe."""
    subjects = [str(detail.ticket.get("subject", "")) for detail in details]
    for piece in (*subjects, *_pieces(details)):
        yield from _around(unescape(piece).split(), "'")


def _pieces(details: list[Detail]) -> Iterator[str]:
    for detail in details:
        for message in detail.messages:
            yield from text_pieces(str(message.get("body_html", "")))


def _around(words: list[str], signs: str) -> Iterator[str]:
    """Yield each word with one of the signs, and its neighbours."""
    for index, word in enumerate(words):
        if any(sign in word.strip(signs) or word == sign for sign in signs):
            run = " ".join(words[max(0, index - 1) : index + 2]).strip(".,;:!?()")
            if len(run) <= 2 * LONG and run[0].isalnum() and run[-1].isalnum():
                yield run


def _numbers(details: list[Detail]) -> Iterator[str]:
    """Yield the numbers in messages, first those that are the id of a ticket without them."""
    found = sorted({number for d in details for number in _NUMBER.findall(" ".join(d.texts))})
    ids = {str(detail.id): detail for detail in details}
    yield from (n for n in found if n in ids and n not in ids[n].everything)
    yield from (n for n in found if n not in ids)


def _elsewhere(detail: Detail, index: int) -> str:
    """Return all other text of the ticket, in lower case."""
    others = [text for i, text in enumerate(detail.texts) if i != index]
    row = detail.ticket
    plain = [row.get("subject"), row.get("summary")]
    contact = row.get("contact")
    plain += [contact.get("name"), contact.get("email")] if isinstance(contact, dict) else []
    return " ".join([*others, *(str(text) for text in plain if text)]).lower()
