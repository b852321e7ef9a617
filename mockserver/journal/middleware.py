"""WSGI middleware that records every exchange; the outermost layer of the mock."""

from collections.abc import Callable, Iterable
from typing import Any

from mockserver.journal.exchange import open_exchange
from mockserver.journal.hints import HEADER, header_text, hints_of
from mockserver.journal.journal import Journal

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

BUSY = "mockserver.busy"
"""In the environ of a request whose thread must not wait: False, or True once the database was
locked. The server then discards the response, and runs the request again in another thread."""


class Recorder:
    """Records exchanges, and sends responses with the delivery faults that apply."""

    def __init__(self, application: Application, journal: Journal) -> None:
        self._application = application
        self._journal = journal

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        exchange = open_exchange(environ)
        head: list[Any] = []

        def start(status: str, headers: Headers, _failure: Any = None) -> None:
            head[:] = (status, headers)

        chunks = self._application(environ, start)
        if not exchange.recorded or environ.get(BUSY):
            start_response(*head)
            return chunks
        reply = _whole(chunks)
        status, headers = head
        exchange.hints = hints_of(exchange, self._journal.validator)
        if exchange.hints:
            headers = [*headers, (HEADER, header_text(exchange.hints))]
        exchange.finish(status, headers, reply)
        self._journal.add(exchange)
        if exchange.delivery is not None:
            return exchange.delivery.send(start_response, status, headers, reply)
        start_response(status, headers)
        return [reply]


def _whole(chunks: Iterable[bytes]) -> bytes:
    try:
        return b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
