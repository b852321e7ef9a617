"""Connections that a deadline can cut, and that skip interim (1xx) responses."""

import http.client
import socket
import threading
from contextlib import suppress
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from contract_tests.client.http.failures import BROKEN, Unreadable
from contract_tests.client.http.response_limits import Body, ResponseLimits

MAX_INTERIM = 20
_thread = threading.local()


class Deadline:
    """Cuts the connection of the request sent within this block after some seconds.

    A timeout of a socket is between two bytes: a response that drips would never end.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._sock: socket.socket | None = None
        self._connection: HTTPConnection | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _thread.deadline = self
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        _thread.deadline = None
        self._timer.cancel()

    def attach(self, connection: HTTPConnection) -> None:
        self._connection, self._sock = connection, connection.sock

    def _cut(self) -> None:
        self.expired = True
        sock = self._sock or (self._connection and self._connection.sock)
        if sock:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class _Response(http.client.HTTPResponse):
    """Skips responses such as 103 Early Hints; the library itself skips only 100, without end."""

    _interim = 0

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            self._interim += 100 <= status < 200
            if self._interim > MAX_INTERIM:
                raise Unreadable(f"more than {MAX_INTERIM} interim responses (1xx) came")
            if not 101 < status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)


class _Attached:
    """A connection that the deadline of its thread can cut."""

    response_class: Any = _Response

    def connect(self) -> None:
        self._attach()
        super().connect()  # type: ignore[misc]

    def getresponse(self) -> Any:
        self._attach()
        return super().getresponse()  # type: ignore[misc]

    def _attach(self) -> None:
        deadline = getattr(_thread, "deadline", None)
        if deadline is not None:
            deadline.attach(self)


class _Connection(_Attached, HTTPConnection):
    pass


class _TlsConnection(_Attached, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class Adapter(HTTPAdapter):
    """An adapter of requests whose connections a `Deadline` can cut."""

    def init_poolmanager(self, *given: Any, **options: Any) -> None:
        super().init_poolmanager(*given, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager

    def receive(
        self,
        request: requests.PreparedRequest,
        limits: ResponseLimits,
        seconds: float,
        **options: Any,
    ) -> tuple[requests.Response, Body]:
        """Send once; return the response and its body, which was read within the limits.

        Raises an error of BROKEN.
        """
        with Deadline(seconds) as deadline:
            try:
                response = super().send(request, stream=True, timeout=seconds, **options)
                body = limits.read(response)
            except BROKEN:
                if not deadline.expired:
                    raise
        if deadline.expired:
            raise Unreadable(f"the response took longer than {seconds:.0f} s") from None
        response._content, response._content_consumed = body.content, True  # type: ignore[attr-defined]  # noqa: SLF001
        return response, body
