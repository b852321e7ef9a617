"""A server on raw sockets that answers each request as a `Way` says, healthy or not."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import parse_headers
from io import BytesIO
from typing import Literal, Self

from tests.support.fake_deployment import FakeDeployment, FakeOptions

TOKEN = "12|kJ8sQ0vXb3Lw9Zr5TnYhUcE1aMdFgPi"
"""As the vendor's tokens look: an id, a bar and a secret."""
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Way:
    """One way to misbehave, and what contract-tests has to answer.

    `exit` is the exit code, `message` a pattern that the only line on standard error (exit 2) or
    the report (exit 0 and 1) contains. `after` healthy responses come first. With `early` the
    request is not read before `behave` is called. `prepare` changes the tickets that are served.
    """

    name: str
    behave: Callable[["Call"], None]
    exit: int
    message: str
    after: int = 0
    early: bool = False
    max_time: float = 15
    listens: Literal["accepts", "never accepts", "closed"] = "accepts"
    host: str = "127.0.0.1"
    url: str = "http://127.0.0.1:{port}"
    options: tuple[str, ...] = ()
    tls: Callable[[], ssl.SSLContext] | None = None
    prepare: Callable[[FakeDeployment], None] | None = None


@dataclass
class Call:
    """One request on one connection; `number` counts the requests of a run from 1."""

    connection: socket.socket
    server: "HostileServer"
    number: int = 0
    method: str = ""
    target: str = ""
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    def read(self) -> None:
        """Read a request; raises OSError when none comes."""
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self.connection.recv(65_536)
            if not piece:
                raise ConnectionError("no request")
            head += piece
        head, _, self.body = head.partition(b"\r\n\r\n")
        line, _, lines = head.partition(b"\r\n")
        self.method, self.target, _ = line.decode("latin-1").split(" ", 2)
        self.headers = parse_headers(BytesIO(lines + b"\r\n\r\n")).items()
        length = int(dict(self.headers).get("Content-Length", 0))
        while len(self.body) < length:
            self.body += self.connection.recv(65_536)
        self.server.received.append(self)
        self.number = len(self.server.received)

    def healthy(self) -> tuple[int, Headers, bytes]:
        """Return what a deployment that keeps the contract answers."""
        answer = self.server.api.open(
            self.target,
            method=self.method,
            headers=self.headers,
            data=self.body,
            base_url=self.server.url,
        )
        return answer.status_code, list(answer.headers), answer.data

    def send(self, *pieces: bytes) -> None:
        """Send bytes; raises OSError when the client has closed the connection."""
        for piece in pieces:
            self.connection.sendall(piece)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the test ends or some seconds have passed."""
        if self.server.stopping.wait(seconds) and seconds is not None:
            raise ConnectionError("the test has ended")

    def reset(self) -> None:
        """Close the connection with RST instead of FIN."""
        linger = b"\x01\0\0\0\0\0\0\0"
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()


def message(
    body: bytes, status: str = "200 OK", *headers: str, kind: str = "application/json"
) -> bytes:
    """Return a response of HTTP/1.1 with a Content-Length."""
    own = (f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close")
    return head(status, *own, *headers) + body


def head(status: str, *headers: str, version: str = "HTTP/1.1") -> bytes:
    """Return a status line and headers."""
    return "\r\n".join([f"{version} {status}", *headers, "", ""]).encode("latin-1")


def healthy(call: Call) -> None:
    """Answer as a deployment that keeps the contract."""
    status, headers, body = call.healthy()
    lines = [f"{name}: {value}" for name, value in headers]
    call.send(head(f"{status} -", *lines, "Connection: close"), body)


class HostileServer:
    """Serves one way on a free port of loopback until left; `received` are its requests."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.stopping = threading.Event()
        self.received: list[Call] = []
        self._threads: list[threading.Thread] = []
        self._connections: list[socket.socket] = []
        family = socket.AF_INET6 if ":" in way.host else socket.AF_INET
        backlog = 0 if way.listens == "never accepts" else 100
        self._listener = socket.create_server((way.host, 0), family=family, backlog=backlog)
        self.url = way.url.format(port=self._listener.getsockname()[1])
        fake = FakeDeployment(FakeOptions(tickets=30))
        fake.tokens = {TOKEN: 5}
        if way.prepare:
            way.prepare(fake)
        self.api = fake.app().test_client()
        self._tls = way.tls() if way.tls else None

    def __enter__(self) -> Self:
        if self.way.listens == "closed":
            self._listener.close()
        elif self.way.listens == "accepts":
            self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _start(self, act: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=act, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            if self._tls is None:
                self._answer(Call(connection, self))
                return
            with self._tls.wrap_socket(connection, server_side=True) as secured:
                self._answer(Call(secured, self))

    def _answer(self, call: Call) -> None:
        if not self.way.early:
            call.read()
            if call.number <= self.way.after:
                healthy(call)
                return
        self.way.behave(call)
