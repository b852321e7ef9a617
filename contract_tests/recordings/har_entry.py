"""One entry of a HAR file read as an exchange, or the reason why it cannot be judged.

HAR is written by browsers, proxies and test tools, each with fields of its own, and an entry may
be incomplete. https://www.softwareishard.com/blog/har-12-spec/ names the common fields.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from contract_tests.adaptations.requests.base_path import LIST
from contract_tests.observations.exchange import UNAVAILABLE, Exchange, Request, Who

Node = dict[str, Any]
Attachment = Callable[[str], bytes | None]
"""Returns the file with a name that was recorded beside the HAR file; None if it is missing."""

_SECRET = {"authorization", "cookie", "proxy-authorization", "set-cookie"}
_FAILED = ("_failureText", "_wasAborted", "_error")  # Playwright; Chrome, Safari and mitmproxy
_CACHED = ("_fromCache", "_fromDiskCache", "_servedFromServiceWorker", "_fetchedViaServiceWorker")
_MADE_UP = re.compile(r"world \S+;.* (?:forced|fault (?!latency|slow))")
"""The comment of the mock at an exchange whose answer is not that of the API."""
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Unusable(Exception):
    """An entry that cannot be judged; the message says why, in a few words."""


class Entry:
    """An entry of a HAR file; raises Unusable without a URL, or with an answer made up."""

    def __init__(self, raw: Any, attachment: Attachment) -> None:
        self._raw = _node(raw)
        self._attachment = attachment
        self._request = _node(self._raw.get("request"))
        self._response = _node(self._raw.get("response"))
        try:
            self._url = urlsplit(str(self._request["url"]))
            self.origin = origin(str(self._request["url"]))
        except (KeyError, ValueError):
            raise Unusable("without a request") from None
        if _MADE_UP.match(str(self._raw.get("comment", ""))):
            raise Unusable("answered by a fault of the mock, or as a request told it to")

    @property
    def may_be_api(self) -> bool:
        """Whether the path may be of the API, at any base path."""
        return f"{LIST}/" in f"{self._url.path}/"

    def is_below(self, base: str) -> bool:
        """Return whether the path is one of the API, if that stands at a base path."""
        return f"{self._url.path}/".startswith(f"{base.rstrip('/')}{LIST}/")

    @property
    def started(self) -> datetime | None:
        with suppress(ValueError, TypeError):
            moment = datetime.fromisoformat(self._raw.get("startedDateTime") or "")
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return None

    @property
    def authorization(self) -> str:
        """The scheme in lower case and the credentials; "" for a request without them."""
        scheme, _, token = self._header(self._request, "authorization").partition(" ")
        return f"{scheme.lower()} {token.strip()}" if scheme else ""

    @property
    def has_cookie(self) -> bool:
        return bool(self._header(self._request, "cookie"))

    @property
    def has_headers(self) -> bool:
        """Whether any header of the request was recorded."""
        return any(_headers(self._request))

    @property
    def status(self) -> int:
        """The status of the response; raises Unusable if there is none."""
        status = str(self._response.get("status", ""))
        if not status.lstrip("-").isdigit():
            raise Unusable("without a response")
        return int(status)

    def exchange(self, number: int, who: Who, started: datetime) -> Exchange:
        """Return the exchange; raises Unusable."""
        self._check()
        return Exchange(
            number=number,
            request=Request(
                method=self._method,
                path=self._url.path,
                query=tuple(parse_qsl(self._url.query, keep_blank_values=True)),
                who=who,
                body=self._request_body(),
                content_type=str(_node(self._request.get("postData")).get("mimeType") or ""),
                purpose="recorded",
            ),
            status=self.status,
            headers=tuple(self._public_headers()),
            body=self._response_body(),
            started=started.timestamp(),
            elapsed=_seconds(self._raw.get("time")),
            phase="recorded",
        )

    @property
    def _method(self) -> str:
        return str(self._request.get("method") or "GET").upper()

    def _check(self) -> None:
        if self._method == "OPTIONS":
            raise Unusable("preflight requests of a browser")
        if not isinstance(self._request.get("headers"), list):
            raise Unusable("without the headers of the request")
        if self.status <= 0 or self._is_aborted:
            raise Unusable("cancelled or failed")
        if self.status in UNAVAILABLE:
            raise Unusable("answered by a gateway (502, 503 or 504)")
        fetched = str(self._response.get("_fetchType") or self._raw.get("_fetchType") or "")
        cached = any(each.get(key) for each in self._nodes for key in _CACHED)
        if self.status == 304 or cached or "Cache" in fetched:
            raise Unusable("answered from a cache")
        if 300 <= self.status < 400:
            raise Unusable("redirected")
        if not any(_headers(self._response)):
            raise Unusable("without the headers of the response")

    @property
    def _is_aborted(self) -> bool:
        charles = str(self._response.get("_charlesStatus") or "COMPLETE").upper()
        failed = any(each.get(key) for each in self._nodes for key in _FAILED)
        return failed or charles != "COMPLETE"

    @property
    def _nodes(self) -> tuple[Node, Node]:
        return self._raw, self._response

    def _request_body(self) -> bytes | None:
        posted = _node(self._request.get("postData"))
        body = self._content(posted) if posted else None
        if body is None and self._method != "GET" and _number(self._request.get("bodySize")) > 0:
            raise Unusable("without the body of the request")
        return body

    def _response_body(self) -> bytes:
        content = self._response.get("content")
        if not isinstance(content, dict):
            raise Unusable("without a body")
        body = self._content(content)
        size = _number(content.get("size", -1))
        length = self._header(self._response, "content-length")
        if body is None and (size != 0 or (length.isdigit() and int(length) > 0)):
            raise Unusable("without a body")
        if body and size != len(body) and not _is_json(body):
            mime = str(content.get("mimeType") or self._header(self._response, "content-type"))
            if "json" in mime and size > len(body):
                raise Unusable("with a truncated body")
        return body or b""

    def _content(self, content: Node) -> bytes | None:
        """Return a body that the entry holds, or that was recorded as a file beside it."""
        if content.get("_file"):
            return self._attachment(str(content["_file"]))
        text = content.get("text")
        if text is None:
            return None
        if not isinstance(text, str):
            raise Unusable("with a body that is not a text")
        if content.get("encoding") != "base64":
            return text.encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise Unusable("with a body that is not valid base64") from None

    def _public_headers(self) -> Iterator[tuple[str, str]]:
        """Yield the response's headers without secrets, and without those of HTTP/2 itself."""
        for name, value in _headers(self._response):
            if name.lower() not in _SECRET and not name.startswith(":"):
                yield name, value

    @staticmethod
    def _header(message: Node, name: str) -> str:
        return next((value for key, value in _headers(message) if key.lower() == name), "")


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, without a default port; raises ValueError."""
    parts = urlsplit(url)
    if not parts.scheme or not parts.hostname:
        raise ValueError(url)
    netloc = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{netloc.removesuffix(_DEFAULT_PORTS.get(parts.scheme, ''))}"


def _headers(message: Node) -> Iterator[tuple[str, str]]:
    found = message.get("headers")
    for header in found if isinstance(found, list) else []:
        if isinstance(header, dict) and header.get("name") and header.get("value") is not None:
            yield str(header["name"]), str(header["value"])


def _node(value: Any) -> Node:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) else -1


def _seconds(milliseconds: Any) -> float:
    return max(0.0, _number(milliseconds)) / 1000


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
