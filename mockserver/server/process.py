"""The process that serves: an app behind uvicorn, until a signal ends it."""

import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import uvicorn

from mockserver.app import create_app, start_activity
from mockserver.config import Config
from mockserver.server.protocol import Connection
from mockserver.server.reload import Reloader
from mockserver.server.request_log import ErrorLog, Format, RequestLog
from mockserver.server.socket import bind, listen
from mockserver.server.wsgi import Gateway
from mockserver.store import Store

if TYPE_CHECKING:
    from mockserver.server.upstream import Upstream

_GRACE = 1
"""Seconds that responses in progress have when the server ends."""


def serve(
    config: Config,
    port: int,
    ready: Callable[[int, Store], None],
    *,
    reload: bool = False,
    log: Format | None = None,
    upstream: str | None = None,
) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; `ready` is called once connections are accepted.

    It gets the port and the store. With `reload`, saved files take effect on the same database.
    With `log`, standard output gets a line for each request. Requests that the contract does not
    know are passed on to the URL `upstream`. Raises MockError.
    """
    passes_to = _upstream(upstream) if upstream else None
    with ExitStack() as stack:
        sockets = [stack.enter_context(each) for each in bind(config.host, port)]
        app = create_app(config)
        store: Store = app.extensions["store"]
        stack.callback(store.close)
        gateway = Gateway(app, passes_to)
        lines = stack.enter_context(closing(RequestLog(sys.stdout.fileno(), log or "text")))
        stack.enter_context(closing(ErrorLog(RequestLog(sys.stderr.fileno(), log or "text"))))
        if log is not None:
            stack.enter_context(app.extensions["journal"].listening(lines.add))
        if reload:
            renew = partial(_renew, gateway, config)
            stack.enter_context(Reloader(store, config, renew, lines.say))
        listen(sockets)
        run(gateway, sockets, lambda: ready(sockets[0].getsockname()[1], store))
    if gateway.waiting:  # threads still wait for the database, and would keep the process
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def run(gateway: Gateway, sockets: list[socket.socket], started: Callable[[], None]) -> None:
    """Serve an app until a signal; `started` is called once requests are answered."""
    start_activity(gateway.app)
    # What is here by now stays: looking through it for garbage would cost a request in thirty.
    gc.freeze()
    try:
        Server(gateway, started).run(sockets)
    finally:
        gateway.app.extensions["admin"].scheduler.close()


class Server(uvicorn.Server):
    """uvicorn, which says when it serves, and which a signal ends without an error."""

    def __init__(self, gateway: Gateway, started: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                cast("Any", gateway),  # Connection knows what it is
                http=Connection,
                ws="none",
                interface="asgi3",
                lifespan="off",
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                log_level="critical",  # a fault breaks responses on purpose
                timeout_graceful_shutdown=_GRACE,
            )
        )
        self._gateway = gateway
        self._on_start = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._gateway.app.extensions["store"].never_wait_in_this_thread()
        await super().startup(sockets)
        self._on_start()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take a closed terminal for the end, too, unless SIGHUP is ignored, as under nohup."""
        number = getattr(signal, "SIGHUP", None)
        with super().capture_signals():
            if number is None or signal.getsignal(number) is not signal.SIG_DFL or not _in_main():
                yield
                return
            signal.signal(number, self.handle_exit)
            try:
                yield
            finally:
                signal.signal(number, signal.SIG_DFL)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        self.should_exit = True


def _renew(gateway: Gateway, config: Config) -> None:
    """Serve the files as they are now, on the same database; raises MockError."""
    gateway.app = create_app(config, gateway.app)


def _upstream(url: str) -> "Upstream":
    from mockserver.server.upstream import Upstream  # noqa: PLC0415 - its client starts slowly

    return Upstream(url)


def _in_main() -> bool:
    return threading.current_thread() is threading.main_thread()
