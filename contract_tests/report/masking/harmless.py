"""What is harmless to show: what the contract names, numbers, ids, times, a framework's words."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from contract_tests.observations.schema.drift import ORDINARY_HEADERS
from mockserver.contract.operations import Contract

WORDS = Path(__file__).with_name("framework_words.txt")
_LITERAL = re.compile(
    r"""
    -?\d{1,6}(\.\d{1,6})?                                       # a number or an id
    | [0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}                  # a ULID
    | \d{4}-\d\d-\d\d([T\ ]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:?\d\d|Z)?)?
    | \#[0-9A-Fa-f]{3,8}                                        # a color
    | true | false | null
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WORD = re.compile(r"-?[A-Za-z][A-Za-z_]{0,29}")
_SMALL_WORD = re.compile(r"[a-z][A-Za-z_]{0,29}(\[[\w…]{0,29}\])?|[a-z_]+(\.[a-z_]+)+")
_MEDIA_TYPE = re.compile(r"(application|text|image|audio|video|multipart)/[\w.+-]+(; ?[\w=-]+)*")
_INTERNAL = re.compile(
    r"""
    Traceback\ \(most\ recent\ call\ last\) | SQLSTATE\[ | \.php(\(\d+\)|:\d+) | /vendor/laravel/
    | (\w+\\+)+[A-Z]\w+(Error|Exception) | (sqlite3|psycopg2?|sqlalchemy)\.\w
    """,
    re.VERBOSE,
)
"""The inside of a server: names of its code and of its database, which are of no person."""
_SIGNS = re.compile(r"[\W_]+", re.ASCII)
_SIGNS_ADDED = 4
"""How many blanks and signs a variant of a documented value has at most beyond it."""
_SCHEMA_WORDS = """
type enum required properties items format pattern minimum maximum minLength maxLength const null
additionalProperties oneOf anyOf allOf not string integer number boolean object array
date-time email uri GET HEAD PUT POST PATCH DELETE OPTIONS
""".split()  # noqa: SIM905 - a page of one word a line reads worse


class Harmless:
    """Tells what may be shown; everything is known from the contract, nothing from a deployment."""

    def __init__(self, contract: Contract) -> None:
        operations = contract.operations.values()
        self._parameters = {name: p for o in operations for name, p in o.query.items()}
        self._segments = {part for o in operations for part in o.path.split("/")}
        self._names = {*self._parameters, *contract.operations, *_SCHEMA_WORDS}
        self._values: set[str] = set()
        self._enumerated: set[str] = set()
        self._judged: dict[tuple[str, str], bool] = {}
        prose = []
        for key, node in _walk(contract.document):
            self._names.update(node.get("properties", {}), node.get("headers", {}))
            enum = node.get("enum") or node.get("items", {}).get("enum") or ()
            self._values.update(value for value in enum if isinstance(value, str))
            if enum:
                self._enumerated.add(key)
            prose += [node[name] for name in ("description", "summary") if name in node]
        self._variants = {_letters(value): len(value) for value in sorted(self._values, key=len)}
        spoken = " ".join(text for text in prose if isinstance(text, str))
        self._words = {*re.findall(r"[^\W\d_][\w'-]*", spoken.lower()), *framework_words()}
        self._names.update(part for name in list(self._names) for part in re.findall(r"\w+", name))

    def value(self, text: str, key: str) -> bool:
        """Return whether the text of a field may be shown; `key` is the name of the field."""
        if (text, key) not in self._judged:
            self._judged[text, key] = self._is_harmless(text, key)
        return self._judged[text, key]

    def _is_harmless(self, text: str, key: str) -> bool:
        if not text or text in self._values or _LITERAL.fullmatch(text):
            return True
        if self._is_variant(text):
            return True
        if key in self._enumerated and _SMALL_WORD.fullmatch(text):
            return True
        return bool(_MEDIA_TYPE.fullmatch(text))

    def _is_variant(self, text: str) -> bool:
        """Return whether a text is a documented value but for case, blanks and punctuation."""
        longest = self._variants.get(_letters(text))
        return longest is not None and len(text) <= longest + _SIGNS_ADDED

    def segment(self, text: str) -> bool:
        """Return whether a part of a path may be shown."""
        return (
            not text
            or text in self._segments
            or bool(_LITERAL.fullmatch(text) or _NUMBER.fullmatch(text))
        )

    def parameter(self, name: str, value: str) -> bool:
        """Return whether a value of a query parameter may be shown; free text may not."""
        known = self._parameters.get(name)
        if known is None or (known.kind == "string" and not known.choices):
            return not value or value in self._values or bool(_LITERAL.fullmatch(value))
        return not value or bool(_WORD.fullmatch(value) or _NUMBER.fullmatch(value))

    def is_list(self, name: str) -> bool:
        """Return whether a query parameter takes several values, separated by commas."""
        return name in self._parameters and self._parameters[name].kind == "array"

    def quoted(self, text: str) -> bool:
        """Return whether what stands in quotes in a sentence may be shown."""
        known = text in self._names or text in self._values or self._is_variant(text)
        forms = (_LITERAL, _SMALL_WORD, _MEDIA_TYPE, _INTERNAL)
        return known or any(form.fullmatch(text) for form in forms)

    def word(self, word: str) -> bool:
        """Return whether a word of a sentence of a deployment may be shown."""
        known = word in self._names or word in self._values
        return len(word) == 1 or known or word.lower() in self._words

    def header(self, name: str) -> bool:
        """Return whether the values of a response header are technical."""
        return name.lower() in ORDINARY_HEADERS


@cache
def framework_words() -> frozenset[str]:
    """Return the words of a framework's own messages, in small letters."""
    return frozenset(WORDS.read_text(encoding="utf-8").split())


def _letters(text: str) -> str:
    return _SIGNS.sub("", text).lower()


def _walk(node: Any, key: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object of a document, with the name it has in its parent."""
    if isinstance(node, dict):
        yield key, node
        for name, inner in node.items():
            yield from _walk(inner, str(name))
    if isinstance(node, list):
        for inner in node:
            yield from _walk(inner, key)
