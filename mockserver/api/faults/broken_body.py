"""Finished replies broken on their way to the client."""

import os
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from typing import Any

from mockserver.api.faults.syntax import Fault

Headers = list[tuple[str, str]]

_FLUSHING = 0.1
"""Seconds in which a server sends on what it was given, before the connection ends."""

_PIECES = 20
"""Parts in which a slow body leaves."""


class Breakage:
    """One fault about to befall one reply; `seconds` is how long a slow body takes."""

    __slots__ = ("fault", "seconds")

    def __init__(self, fault: Fault, seconds: float) -> None:
        self.fault = fault
        self.seconds = seconds

    def send(
        self, environ: dict[str, Any], start: Any, status: str, headers: Headers, body: bytes
    ) -> Iterable[bytes]:
        """Answer as WSGI does, broken; raises ConnectionResetError where that ends a connection."""
        kind = self.fault.kind
        if kind == "reset":
            return _reset(environ)
        if kind == "empty":
            start(status, _with(headers, "Content-Length", "0"))
            return [b""]
        if kind == "type":
            start(status, _with(headers, "Content-Type", self.fault.media_type))
            return [body]
        start(status, _with(headers, "Content-Length", str(len(body))))
        return _slowly(body, self.seconds) if kind == "slow" else _half(body)


def _with(headers: Headers, name: str, value: str) -> Headers:
    return [pair for pair in headers if pair[0].lower() != name.lower()] + [(name, value)]


def _half(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    time.sleep(_FLUSHING)


def _slowly(body: bytes, seconds: float) -> Iterator[bytes]:
    size = -(-len(body) // _PIECES) or 1
    for start in range(0, len(body), size):
        time.sleep(seconds / _PIECES)
        yield body[start : start + size]


def _reset(environ: dict[str, Any]) -> Iterable[bytes]:
    """Raise what ends the connection before a byte of the reply.

    The mock's own server resets it then; Werkzeug would close it in peace, but shows it.
    """
    if "werkzeug.socket" in environ:
        _abort(environ["werkzeug.socket"])
    raise ConnectionResetError("the connection was reset by a fault")


def _abort(connection: socket.socket) -> None:
    """Reset a connection, and leave the server a dead one in its place to close quietly."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    dead, peer = socket.socketpair()
    peer.close()
    os.dup2(dead.fileno(), connection.fileno())
    dead.close()
