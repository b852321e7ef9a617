"""One connection: uvicorn's, which bends to careless clients and which a fault can reset."""

import re
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any

import orjson
from httptools import HttpParserCallbackError
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from mockserver.server.wsgi import Reply

_RESET_AT_ONCE = struct.pack("ii", 1, 0)
"""The option SO_LINGER: on, no seconds."""

_LONGEST = 65_535
"""What httptools takes apart."""


class Connection(HttpToolsProtocol):
    """Reads requests and writes what the gateway answers."""

    _begun: tuple[RequestResponseCycle, Any] | None = None
    """A request whose head is here and whose body is not, with who answers it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["reset"] = self._reset

    def _reset(self) -> None:
        wire: Any = self.transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
        self.transport.abort()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Begin with a request: when it is here as a whole, if that is about to be."""
        if cycle.more_body:
            self._begun = cycle, app
        else:
            self._answer(cycle, app)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._go_on(self._answer)

    def _go_on(self, answer: Callable[[RequestResponseCycle, Any], None]) -> None:
        if self._begun is not None:
            begun, self._begun = self._begun, None
            answer(*begun)

    def _answer(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Answer here and now what waits for nothing: a task takes as long as the answer."""
        reply = None if self.flow.write_paused else app.at_once(cycle.scope, bytes(cycle.body))
        if reply is None:
            super()._start_asgi_task(cycle, app)
            return
        cycle.response_started = cycle.response_complete = True
        self.transport.write(self._written(cycle, reply))
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def _written(self, cycle: RequestResponseCycle, reply: Reply) -> bytes:
        parts = [STATUS_LINE[reply.status]]
        for name, value in (*self.server_state.default_headers, *reply.headers):
            parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n")
        parts += reply.chunks
        return b"".join(parts)

    def data_received(self, data: bytes) -> None:
        """Take letters that a client left bare in an address, as curl does, as encoded ones."""
        if not data.isascii() and (self.cycle is None or self.cycle.response_complete):
            data = _encoded(data)
        super().data_received(data)
        self._go_on(super()._start_asgi_task)  # where the rest of a body takes its time

    def send_400_response(self, msg: str) -> None:
        """Say what was wrong, in the shape of every error of the API."""
        body = orjson.dumps(
            {"message": f"This is no HTTP request that can be read: {self._fault(msg)}"}
        )
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _fault(self, message: str) -> str:
        error = sys.exception()
        if isinstance(error, HttpParserCallbackError):  # raised where the address is taken apart
            return f"its address is not valid, or longer than {_LONGEST} bytes."
        return f"{str(error or message).rstrip('.')}."


def _encoded(data: bytes) -> bytes:
    line, end, rest = data.partition(b"\r\n")
    if b" HTTP/1." not in line:
        return data
    return re.sub(rb"[^\x00-\x7f]", lambda found: b"%%%02X" % ord(found[0]), line) + end + rest
