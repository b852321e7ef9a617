"""Search terms taken from what was read: words that stand in one place of one ticket only."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from contract_tests.observations.search_matches import may_find, must_find
from contract_tests.observations.ticket import Detail, Row, text_in, text_pieces

# Words of more than 40 letters make a URL that servers refuse, and slow patterns without a limit.
_WORD = re.compile(r"(?<!\w)[^\W\d_]{4,40}(?!\w)")
_SHORT = re.compile(r"(?<!\w)[^\W\d_]{3}(?!\w)")
_RUN = re.compile(r"(?<!\w)[^\W\d_]{2,40}(?: [^\W\d_]{2,40}){1,2}(?!\w)")
_LONG_TEXT = range(257, 10_000)
"""Letters of a message whose end some indexes leave out, and none may."""


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
    late: bool = False
    """Whether it stands in the end of a long message only."""


def certain(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield what matches in a text and every search must find there."""
    return (found for found in pattern.findall(text) if must_find(found, text))


def subject_terms(row: Row) -> Iterator[Term]:
    """Yield the words of a subject, the longest first."""
    words = set(certain(_WORD, text_in(row, "subject")))
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
        for word in set(certain(_SHORT, text_in(row, "subject"))):
            found.setdefault(word, []).append(int(row["id"]))
    rare = sorted((len(ids), word) for word, ids in found.items() if word.isascii())
    return [Term(word, found[word][0], "a short word of a subject") for _, word in rare]


def phrases(details: list[Detail]) -> Iterator[str]:
    """Yield runs of words of a message, whose first word stands in a ticket without the rest."""
    for detail in details:
        for html in (text_in(message, "body_html") for message in detail.messages[:3]):
            for run in (run for piece in text_pieces(html) for run in certain(_RUN, piece)):
                if run.isascii() and any(stands_apart(run, other) for other in details):
                    yield run


def stands_apart(run: str, detail: Detail) -> bool:
    first, *rest = run.split()
    text = detail.everything
    return may_find(first, text) and not may_find(" ".join(rest), text)


def message_terms(detail: Detail, index: int, rng: Random) -> Iterator[Term]:
    """Yield words, then short phrases, that stand in one message of the ticket and nowhere else.

    Of a long message, those come first that stand in its end only.
    """
    html, kind = (text_in(detail.messages[index], name) for name in ("body_html", "type"))
    elsewhere, whole = _elsewhere(detail, index), detail.texts[index]
    start = always_indexed(whole)
    for pattern in (_WORD, _RUN):
        pieces = [piece for piece in text_pieces(html) if "&" not in piece]
        found = sorted({match for piece in pieces for match in certain(pattern, piece)})
        rng.shuffle(found)
        found.sort(key=lambda text: text.lower() in start)
        for text in found:
            if text.isascii() and text.lower() not in elsewhere and must_find(text, whole):
                place = f"message {index + 1} of {len(detail.messages)}"
                yield Term(text, detail.id, place, index, kind, text.lower() not in start)


def always_indexed(text: str) -> str:
    """Return what every index keeps of a text, in lower case."""
    return (text if _is_short(text) else text[: _LONG_TEXT.start - 1]).lower()


def foreign_terms(details: list[Detail]) -> Iterator[Term]:
    """Yield words with letters beyond ASCII, first those that every search must find."""
    texts = [(detail, text) for detail in details for text in detail.texts]
    certain_ones = ((d, word) for d, text in texts for word in sorted({*certain(_WORD, text)}))
    others = ((d, word) for d, text in texts for word in sorted({*_WORD.findall(text)}))
    for detail, word in (*certain_ones, *others):
        if not word.isascii():
            yield Term(word, detail.id, "a message, beyond ASCII")


def terms_by_place(details: list[Detail], rng: Random) -> list[Term]:
    """Return terms from messages of every type and place, one of each, of long messages first."""
    found: dict[tuple[int, str], Term] = {}
    for detail in sorted(details, key=lambda detail: -min(5, len(detail.messages))):
        for index, message in enumerate(detail.messages):
            place = _place(index, len(detail.messages), text_in(message, "type"))
            if place in found and (found[place].late or _is_short(detail.texts[index])):
                continue
            term = next(message_terms(detail, index, rng), None)
            if term and (term.late or place not in found):
                found[place] = term
    return [found[place] for place in sorted(found)]


def late_first(terms: list[Term]) -> list[Term]:
    """Return the terms, first those from the end of a long message: an index may have cut it."""
    return sorted(terms, key=lambda term: not term.late)


def _is_short(text: str) -> bool:
    return len(text) not in _LONG_TEXT


def _place(index: int, count: int, kind: str) -> tuple[int, str]:
    """Return which message of its ticket it is: first, middle, latest, only; and its type."""
    if count == 1:
        return 3, kind
    return (2 if index == count - 1 else min(index, 1)), kind


def _elsewhere(detail: Detail, index: int) -> str:
    """Return all other text of the ticket, in lower case."""
    others = [text for i, text in enumerate(detail.texts) if i != index]
    row = detail.ticket
    plain = [row.get("subject"), row.get("summary")]
    contact = row.get("contact")
    plain += [contact.get("name"), contact.get("email")] if isinstance(contact, dict) else []
    return " ".join([*others, *(str(text) for text in plain if text)]).lower()
