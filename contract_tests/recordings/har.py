"""HAR files, as browsers and proxies write them, read as exchanges."""

import base64
import binascii
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from contract_tests.observations.exchange import LIST_PATH, Exchange, Request, Who

Node = dict[str, Any]
_SECRET = {"authorization", "cookie", "proxy-authorization", "set-cookie"}
_NOT_ANSWERS = (0, 304)
"""Statuses of requests that were broken off, or answered from the browser's own store."""


class HarError(Exception):
    """The file is not a HAR file that can be judged; the message says why."""


@dataclass
class Traffic:
    """Recorded exchanges with one deployment; `left_out` counts entries by the reason."""

    base_url: str
    exchanges: list[Exchange]
    secrets: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read(document: Any, base_url: str | None = None) -> Traffic:
    """Return the traffic of a HAR document with `base_url`, or with the host that has most.

    Raises HarError.
    """
    try:
        entries = sorted(document["log"]["entries"], key=_started)
        origins = Counter(_origin(e) for e in entries if _is_api(e))
        if not origins:
            raise HarError(f"no request in it goes to {LIST_PATH}")
        origin = base_url or origins.most_common(1)[0][0]
        return _traffic([e for e in entries if _is_api(e) and _origin(e) == origin], origin)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise HarError(f"no HAR file: {type(error).__name__} {error}") from None


def _traffic(entries: list[Node], origin: str) -> Traffic:
    if not entries:
        raise HarError(f"no request in it goes to {origin}{LIST_PATH}")
    owners = Owners([_header(entry["request"], "authorization") for entry in entries])
    traffic = Traffic(origin, [], owners.secrets)
    for entry in entries:
        if reason := _unfit(entry):
            traffic.left_out[reason] += 1
        elif (who := owners.who(entry)) is None:
            traffic.left_out["another user's"] += 1
        else:
            traffic.exchanges.append(_exchange(entry, who, len(traffic.exchanges) + 1))
    return traffic


class Owners:
    """Tells whose request an entry is: the token seen most often is the main one."""

    def __init__(self, headers: list[str]) -> None:
        given = Counter(header for header in headers if header)
        self._main = given.most_common(1)[0][0] if given else ""
        self.secrets = sorted({header.rpartition(" ")[2] for header in given})

    def who(self, entry: Node) -> Who | None:
        """Return None for another user's.

        A request without any credentials is anonymous only where others show theirs: many
        recorders take all of them out.
        """
        header = _header(entry["request"], "authorization")
        if header == self._main:
            return "main"
        if header:
            return "wrong" if entry["response"]["status"] == 401 else None
        return None if _header(entry["request"], "cookie") else "none"


def _exchange(entry: Node, who: Who, number: int) -> Exchange:
    request, response = entry["request"], entry["response"]
    parts = urlsplit(request["url"])
    posted = request.get("postData") or {}
    return Exchange(
        number=number,
        request=Request(
            method=request["method"].upper(),
            path=parts.path,
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            who=who,
            body=posted["text"].encode() if posted.get("text") is not None else None,
            content_type=posted.get("mimeType", "application/json"),
            purpose="recorded",
        ),
        status=int(response["status"]),
        headers=tuple(_public(response)),
        body=_content(response),
        started=_started(entry).timestamp(),
        elapsed=max(0.0, float(entry.get("time") or 0)) / 1000,
        phase="recorded",
    )


def _public(message: Node) -> Iterator[tuple[str, str]]:
    """Yield the headers without secrets, and without what describes the transfer alone."""
    for header in message["headers"]:
        name = str(header["name"])
        if name.lower() not in _SECRET and not name.startswith(":"):
            yield name, str(header["value"])


def _content(response: Node) -> bytes:
    content = response["content"]
    text = content.get("text") or ""
    if content.get("encoding") != "base64":
        return str(text).encode()
    try:
        return base64.b64decode(text)
    except binascii.Error as error:
        raise HarError(f"a body is not valid base64: {error}") from None


def _unfit(entry: Node) -> str:
    """Return why an entry cannot be judged; nothing when it can."""
    request, response = entry["request"], entry["response"]
    if request["method"].upper() == "OPTIONS":
        return "a browser's question before the request"
    if response["status"] in _NOT_ANSWERS:
        return "broken off, or answered from the browser's own store"
    size = response["content"].get("size", 0) or 0
    if size > 0 and response["content"].get("text") is None:
        return "recorded without its body"
    return ""


def _is_api(entry: Node) -> bool:
    path = str(urlsplit(entry["request"]["url"]).path)
    return path == LIST_PATH or path.startswith(f"{LIST_PATH}/")


def _origin(entry: Node) -> str:
    parts = urlsplit(entry["request"]["url"])
    return f"{parts.scheme}://{parts.netloc}"


def _started(entry: Node) -> datetime:
    return datetime.fromisoformat(entry["startedDateTime"])


def _header(message: Node, name: str) -> str:
    found = (h["value"] for h in message["headers"] if str(h["name"]).lower() == name)
    return str(next(found, ""))
