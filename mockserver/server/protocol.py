"""One HTTP connection: its time limits, and responses written in the order of the requests."""

import asyncio
import socket
import struct
from collections import deque
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

from mockserver.server.request_reader import Refused, RequestReader
from mockserver.server.wsgi import Environ, Gateway, Reply

PATIENCE = 60
"""Seconds in which a request has to arrive."""

KEEP_ALIVE = 75
"""Seconds a connection may idle: longer than the clients of a test suite pause."""

_LINGER = 2
"""Seconds in which a client that still sends can read why its request was refused."""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_UNTIL_RESET = 0.05
"""Seconds in which a client reads the interim response before its connection is reset."""

_RESET_AT_ONCE = struct.pack("ii", 1, 0)
"""The option SO_LINGER: on, no seconds."""


class Connection(asyncio.Protocol):
    """Requests and responses of one connection; uvicorn makes one for each."""

    def __init__(self, config: Any, server_state: ServerState, **_: Any) -> None:
        self._gateway: Gateway = config.loaded_app
        self._server: Any = server_state  # which lists connections of uvicorn's own classes
        self._loop = asyncio.get_running_loop()
        self._requests: deque[tuple[Environ | Reply, bool]] = deque()
        """Requests to answer, or refusals; and whether the connection stays open afterwards."""
        self._task: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._ends = self._refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._reader = RequestReader(self._transport, self._received)
        self._server.connections.add(self)
        self._writable.set()
        self._timer = self._loop.call_later(KEEP_ALIVE, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        self._server.connections.discard(self)
        self._timer.cancel()
        self._requests.clear()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        before = self._reader.incomplete
        try:
            self._reader.feed(data)
        except Refused as error:
            self._refuse(error)
        else:
            self._answer()
            self._continue()
        self._watch(before)

    def eof_received(self) -> bool:
        """Answer what was requested before the client closed its sending side."""
        self._ends = True
        return self._task is not None or bool(self._requests)

    def shutdown(self) -> None:
        """Close the connection after the response in progress; uvicorn calls it."""
        self._ends = True
        self._answer()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()
        self._answer()

    def _continue(self) -> None:
        """Ask for the body of a request that waits for that."""
        if self._reader.waits_for_continue and self._task is None:
            self._reader.waits_for_continue = False
            self._transport.write(_CONTINUE)

    def _received(self, environ: Environ, stays: bool) -> None:
        self._requests.append((environ, stays))

    def _answer(self) -> None:
        """Answer here and now what does not wait: a task takes as long as the answer."""
        while self._requests and self._task is None and self._writable.is_set():
            request, stays = self._requests.popleft()
            reply = request if isinstance(request, Reply) else self._gateway.answer_at_once(request)
            if reply is not None and reply.pieces is None:
                self._write(reply, stays)
                continue
            self._task = self._loop.create_task(self._answer_later(request, reply, stays))
            self._server.tasks.add(self._task)
            self._task.add_done_callback(self._server.tasks.discard)
        if self._requests:
            self._transport.pause_reading()
        elif self._task is None:
            self._transport.resume_reading()
            if self._ends:
                self._transport.close()

    async def _answer_later(self, request: Any, reply: Reply | None, stays: bool) -> None:
        try:
            reply = reply or await self._gateway.answer_later(request)
            if reply.pieces is None:
                self._write(reply, stays)
            else:
                await self._write_pieces(request["REQUEST_METHOD"], reply, stays)
        except ConnectionResetError:
            await self._reset(request)
        finally:
            self._task = None
        self._answer()
        self._watch(0)

    def _write(self, reply: Reply, stays: bool) -> None:
        self._transport.write(self._head(reply, stays) + reply.body)
        if not stays:
            self._close()

    async def _write_pieces(self, method: str, reply: Reply, stays: bool) -> None:
        """Write piece by piece, the head with the first one.

        A body that turns out shorter than announced, or whose length is not, ends with the
        connection.
        """
        assert reply.pieces is not None
        announced = dict(reply.headers).get(b"Content-Length")
        missing = 0 if method == "HEAD" else int(announced or -1)
        stays = stays and announced is not None
        start = self._head(reply, stays)
        async for piece in reply.pieces:
            self._transport.write(start + piece)
            start, missing = b"", missing - len(piece)
            await self._writable.wait()
        if missing > 0 or not stays:
            self._close()

    def _head(self, reply: Reply, stays: bool) -> bytes:
        parts = [STATUS_LINE[reply.status]]
        for name, value in (*self._server.default_headers, *reply.headers):
            parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n" if stays else b"connection: close\r\n\r\n")
        return b"".join(parts)

    def _close(self) -> None:
        """Close the connection; one whose request was refused stays open for reading a while."""
        self._requests.clear()
        if self._refused:
            self._transport.write_eof()
            self._timer = self._loop.call_later(_LINGER, self._transport.abort)
        else:
            self._transport.close()

    async def _reset(self, request: Environ) -> None:
        """Reset the connection after an interim response.

        A browser sends a request again, on a new connection and unseen by its page, if an idle
        connection that it used again is reset before any response.
        """
        if request["SERVER_PROTOCOL"] != "HTTP/1.0":  # which has no interim responses
            self._transport.write(_CONTINUE)
            await asyncio.sleep(_UNTIL_RESET)
        wire: Any = self._transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
        self._transport.abort()

    def _watch(self, before: int) -> None:
        """Give an incomplete request its time, and an idle connection its own.

        `before` is the request that was incomplete before; it gets no new time.
        """
        incomplete = self._reader.incomplete
        if self._refused or (incomplete and before == incomplete):
            return
        self._timer.cancel()
        if incomplete:
            self._timer = self._loop.call_later(PATIENCE, self._give_up)
        elif self._task is None:
            self._timer = self._loop.call_later(KEEP_ALIVE, self._transport.close)

    def _give_up(self) -> None:
        if self._task is None:
            self._refuse(Refused(408, f"It was incomplete after {PATIENCE} s."))
        else:  # it may be incomplete because nothing is read until that one is answered
            self._watch(0)

    def _refuse(self, error: Refused) -> None:
        """Answer with the reason, after the requests before it, and close."""
        reply = Reply.refusal(error.status, f"This is not a valid HTTP request: {error}")
        self._gateway.record_refused(self._reader.refused(), reply, str(error))
        self._refused = True
        self._timer.cancel()
        self._requests.append((reply, False))
        self._answer()
