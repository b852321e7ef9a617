"""Masks personal data by an allow-list: a text that is not known to be harmless is replaced.

Numbers, ids, times, names of the contract and its enumerated values stay. Any other text becomes
`masked-<6 digits>-<length>`: the same text the same replacement, in every file of a run and in
every run with the same token. The digits depend on the token, so that nobody can try out names.
"""

import hashlib
import hmac
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from contract_tests.client.masking import Mask, map_strings
from contract_tests.observations.exchange import Exchange
from contract_tests.report.masking import shape
from contract_tests.report.masking.harmless import Harmless
from mockserver.contract.operations import Contract

PLACEHOLDER = re.compile(r"masked-[0-9a-f]{6}-\d+")
_QUOTED = re.compile(r"""(?<!\w)'([^'\n]+)'(?!\w)|(?<!\w)"([^"\n]+)"(?!\w)""")
_NAME = re.compile(r"[^\W\d][\w.\[\]-]{0,59}")
_SERVER_WORD = re.compile(r"[^\W\d_][\w'-]*")
_OWN_PATH = re.compile(r"(/[\w.-]{0,40})+")
_INDEXED = 4
"""Characters by which private texts are found in a sentence; shorter ones only in quotes, or as
the value of a parameter."""
_RAW = 500
"""Characters that are shown of a body that is not JSON."""
_PRIVATE_HEADERS = {"set-cookie", "authorization", "cookie"}
_ADDRESSES = {"location", "link", "content-location", "referer"}


class DataMask(Mask):
    """Masks what a run sent and received; with `show_data` only the tokens."""

    def __init__(
        self, secrets: Iterable[str], harmless: Harmless, *, show_data: bool = False
    ) -> None:
        secrets = list(secrets)
        super().__init__(secrets, show_data=show_data)
        self._key = hashlib.sha256("\0".join(["mask", *secrets]).encode()).digest()
        self._harmless = harmless
        self._private: dict[str, set[str]] = defaultdict(set)
        """The private texts met, by their first characters."""
        self._known: dict[str, str] = {}
        self._shapes: dict[str, str] = {}
        """The shapes of the texts behind placeholders."""
        self._field_names: dict[str, str] = {}
        self.names: set[str] = set()
        """Names that a deployment has in place of documented ones: they are no data."""

    def learn(self, exchanges: Iterable[Exchange]) -> None:
        """Remember the private texts of exchanges: sentences are searched for them."""
        for exchange in exchanges:
            self.target(exchange.request.target)
            self.response(exchange)

    def response(self, exchange: Exchange) -> Any:
        """Return the masked body of a response; known words of a refusal stay."""
        came = exchange.as_received
        if not came.is_json:
            return self.raw(came.body)
        return self.document(came.document, refusal=(came.status or 0) >= 400)

    def placeholder(self, text: str) -> str:
        """Return the placeholder of a private text, and remember the text."""
        self._private[text[:_INDEXED]].add(text)
        return self._replacement(text)

    def _replacement(self, text: str) -> str:
        if text not in self._known:
            digest = hmac.new(self._key, text.encode("utf-8", "replace"), "sha256").hexdigest()
            self._known[text] = f"masked-{digest[:6]}-{len(text)}"
            self._shapes[self._known[text]] = shape.of(text)
        return self._known[text]

    def text(self, text: str) -> str:
        """Mask the private texts and the unknown quoted texts in a sentence of ours."""
        if self.show_data:
            return super().text(text)
        text = "".join(self._without_private(super().text(text)))
        return _QUOTED.sub(self._quoted, text)

    def document(self, node: Any, *, refusal: bool = False) -> Any:
        """Return a masked copy of a JSON value; of a `refusal`, known words stay."""
        if self.show_data:
            return super().document(node)
        if refusal:
            return map_strings(node, lambda text, _: self.server_words(text), self.name)
        return map_strings(node, self.value, self.name)

    def sentences(self, node: Any) -> Any:
        """Return a masked copy of a JSON value of ours; `server_words` are the deployment's."""

        def masked(text: str, key: str) -> str:
            return self.server_words(text) if key == "server_words" else self.text(text)

        return map_strings(node, masked)

    def value(self, text: str, key: str = "") -> str:
        """Return the text of a field, masked unless it is harmless."""
        if self._harmless.value(text, key) or PLACEHOLDER.fullmatch(text):
            return text
        if text.startswith(("/", "http://", "https://")):
            return self.url(text)
        return self.placeholder(text)

    def name(self, name: str) -> str:
        """Return the name of a field, masked if it does not look like a name."""
        if name not in self._field_names:
            known = self.show_data or _NAME.fullmatch(name)
            self._field_names[name] = super().text(name) if known else self.value(name)
        return self._field_names[name]

    def target(self, target: str) -> str:
        """Mask the path and query of a request; a path of ours stays."""
        path, sign, _ = target.partition("?")
        if self.show_data or not _OWN_PATH.fullmatch(path):
            return self.url(target)
        return path + sign + self.url(target).partition("?")[2]

    def url(self, url: str) -> str:
        """Mask an address or a path; ids and documented names and values stay."""
        if self.show_data:
            return super().text(url)
        try:
            parts = urlsplit(url)
            pairs = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            return self.placeholder(url)
        host = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
        path = "/".join(
            part if self._is_segment(unquote(part)) else self.placeholder(unquote(part))
            for part in parts.path.split("/")
        )
        query = "&".join(
            f"{quote(self.name(name), safe='[]')}={quote(self._parameter(name, value), safe=',')}"
            for name, value in pairs
        )
        return super().text(host + path + ("?" if query else "") + query)

    def _is_segment(self, part: str) -> bool:
        return part in self.names or self._harmless.segment(part)

    def server_words(self, text: str) -> str:
        """Mask a sentence of the deployment; words of a framework and of the contract stay."""
        if self.show_data:
            return super().text(text)

        def shown(match: re.Match[str]) -> str:
            word = match[0]
            known = word in self.names or self._harmless.word(word)
            return word if known else self._replacement(word)

        return _SERVER_WORD.sub(shown, PLACEHOLDER.sub("", super().text(text)))

    def body(self, body: bytes) -> str:
        """Return the body of a request, which is ours, as text."""
        text = body.decode("utf-8", "backslashreplace")
        if self.show_data:
            return super().text(text)
        try:
            return json.dumps(self.document(json.loads(text)), ensure_ascii=False)
        except (ValueError, RecursionError):
            return self.text(text)

    def raw(self, body: bytes) -> str:
        """Return the beginning of a response that is not JSON."""
        if self.show_data:
            return super().raw(body)
        return self.server_words(body.decode("utf-8", "replace")[:_RAW])

    def header(self, name: str, value: str) -> str:
        """Return the value of a header of a response."""
        if name.lower() in _PRIVATE_HEADERS or self.show_data:
            return super().header(name, value)
        if name.lower() in _ADDRESSES:
            return self.url(value)
        return super().text(value) if self._harmless.header(name) else self.value(value)

    def _parameter(self, name: str, value: str) -> str:
        """Return the value of a query parameter; of a list, each item by itself."""
        items = value.split(",") if self._harmless.is_list(name) else [value]
        return ",".join(
            item if self._is_known(name, item.strip()) else self.placeholder(item) for item in items
        )

    def _is_known(self, name: str, value: str) -> bool:
        known = self._harmless.parameter(name, value) and not self._is_private(value)
        return known or bool(PLACEHOLDER.fullmatch(value))

    def _is_private(self, text: str) -> bool:
        met = text in self._private.get(text[:_INDEXED], ())
        return met and not self._harmless.value(text, "")

    def _quoted(self, match: re.Match[str]) -> str:
        inner = match[1] or match[2]
        sign = match[0][0]
        masked = PLACEHOLDER.fullmatch(inner)
        if not masked and self._harmless.quoted(inner) and not self._is_private(inner):
            return match[0]
        shown = inner
        if not masked:
            shown = self.url(inner) if inner[0] == "/" else self._replacement(inner)
        breaks_rule = shape.BREAKS_RULE.match(match.string, match.end())
        suffix = self._shapes.get(shown, "") if breaks_rule else ""
        return f"{sign}{shown}{sign}{suffix}"

    def _without_private(self, text: str) -> Iterator[str]:
        """Yield a sentence in pieces, private texts replaced; the longest one counts."""
        at = 0
        while at < len(text):
            longest = "" if text[at - 1 : at].isalnum() else self._private_at(text, at)
            yield self.placeholder(longest) if longest else text[at]
            at += len(longest) or 1

    def _private_at(self, text: str, at: int) -> str:
        """Return the longest private text that begins there; a usual word alone is none."""
        found = [
            private
            for private in self._private.get(text[at : at + _INDEXED], ())
            if len(private) >= _INDEXED
            and text.startswith(private, at)
            and not text[at + len(private) : at + len(private) + 1].isalnum()
            and not self._harmless.word(private)
        ]
        return max(found, key=len, default="") or self._short_value_at(text, at)

    def _short_value_at(self, text: str, at: int) -> str:
        """Return the short private text that is the value of a parameter and begins there."""
        if text[at - 1 : at] != "=":
            return ""
        values = (text[at : at + length] for length in range(_INDEXED - 1, 0, -1))
        return next(
            (
                value
                for value in values
                if value in self._private.get(value, ())
                and not text[at + len(value) : at + len(value) + 1].isalnum()
            ),
            "",
        )


def data_mask(secrets: Iterable[str] = (), *, show_data: bool = False) -> DataMask:
    """Return a mask for deployments of the documented API."""
    return DataMask(secrets, _documented(), show_data=show_data)


@cache
def _documented() -> Harmless:
    return Harmless(Contract.load().page)
