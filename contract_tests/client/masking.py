"""Masks tokens and e-mail addresses in everything printed or stored."""

import base64
import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

# An address starts where a word starts: else a long word would be searched from each letter.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
HIDDEN_EMAIL = "(e-mail masked)"
_SHORT = 12
"""Characters; so short a token, as a mock has, may be part of an ordinary word."""


class Mask:
    """Hides secrets; with `show_data` only the tokens, which nothing ever shows."""

    def __init__(self, tokens: Iterable[str] = (), *, show_data: bool = False) -> None:
        spellings = {spelling for token in tokens if token for spelling in _spellings(token)}
        longest_first = sorted(spellings, key=len, reverse=True)
        self._token = re.compile("|".join(map(_anywhere, longest_first)) or "(?!)")
        self.show_data = show_data

    def text(self, text: str) -> str:
        """Return `text` without tokens, e-mail addresses, and what UTF-8 cannot encode."""
        text = text.encode("utf-8", "backslashreplace").decode()
        text = self._token.sub("(token masked)", text)
        return text if self.show_data else _EMAIL.sub(HIDDEN_EMAIL, text)

    def header(self, name: str, value: str) -> str:
        """Return the value of an answer's header; a cookie is a secret of the deployment."""
        return "(cookie masked)" if name.lower() == "set-cookie" else self.text(value)

    def document(self, node: Any) -> Any:
        """Return a copy of a JSON value with every string masked."""
        return map_strings(node, lambda text, _: self.text(text), self.text)

    def raw(self, body: bytes) -> str:
        """Return a body that is not JSON as text, its first 2,000 characters, masked."""
        return self.text(body.decode("utf-8", "replace")[:2000])


def map_strings(
    node: Any, text: Callable[[str, str], str], name: Callable[[str], str] = str, key: str = ""
) -> Any:
    """Return a copy of a JSON value with its strings, and the names of members, converted.

    `text` takes a string and the name of the member that holds it.
    """
    if isinstance(node, dict):
        return {name(k): map_strings(inner, text, name, k) for k, inner in node.items()}
    if isinstance(node, list):
        return [map_strings(item, text, name, key) for item in node]
    return text(node, key) if isinstance(node, str) else node


def _spellings(token: str) -> Iterator[str]:
    """Yield the encodings of a token in a link, a page, JSON or Basic authentication."""
    secret = token.rpartition("|")[2]
    for part in (token, secret) if len(secret) >= _SHORT else (token,):
        yield part
        yield quote(part, safe="")
        yield quote(part, safe="").lower()
        yield html.escape(part)
        yield part.replace("|", "&#124;")
        yield part.replace("|", "\\u007c")
        yield part.replace("|", "\\u007C")
        if len(part) >= _SHORT:
            yield from _in_base64(part.encode())


def _in_base64(secret: bytes) -> Iterator[str]:
    """Yield the base64 of a secret at each offset, without characters that depend on neighbors."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + secret).decode().rstrip("=")
        whole = (offset + len(secret)) * 8 // 6
        yield encoded[-(-offset * 8 // 6) : whole]


def _anywhere(token: str) -> str:
    """Return the pattern of a token; a short one must be a whole word."""
    pattern = re.escape(token)
    return rf"(?<![^\W_]){pattern}(?![^\W_])" if len(token) < _SHORT else pattern
