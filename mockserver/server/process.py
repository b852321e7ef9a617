"""The process that serves: an app behind uvicorn, until a signal ends it."""

import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from flask import Flask

from mockserver.app import create_app, start_activity
from mockserver.config import Config
from mockserver.contract.errors import MockError
from mockserver.server.protocol import Connection
from mockserver.server.wsgi import Gateway

if TYPE_CHECKING:
    from mockserver.server.upstream import Upstream

_GRACE = 1
"""Seconds that responses in progress have when the server ends."""

_log = logging.getLogger("mockserver")


class Process:
    """Serves an app, or the one that `renew` made in its place."""

    def __init__(self, config: Config, app: Flask, upstream: "Upstream | None" = None) -> None:
        self._config = config
        self._gateway = Gateway(app, upstream)

    def run(self, sockets: list[socket.socket], started: Callable[[], None]) -> None:
        """Serve until SIGINT, SIGTERM or SIGHUP; `started` is called once requests are answered."""
        start_activity(self._gateway.app)
        # What is here by now stays: looking through it for garbage would cost a request in thirty.
        gc.freeze()
        try:
            _Server(self._gateway, started).run(sockets)
        finally:
            self._gateway.app.extensions["admin"].scheduler.close()

    def renew(self) -> None:
        """Serve the files as they are now, on the same database."""
        try:
            self._gateway.app = create_app(self._config, self._gateway.app)
        except MockError as error:  # saved again since they were looked at
            _log.error("%s; the mock goes on as before", error)

    def end(self) -> None:
        """End this process at once if threads still wait for the database."""
        if self._gateway.waiting:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)


class _Server(uvicorn.Server):
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


def _in_main() -> bool:
    return threading.current_thread() is threading.main_thread()
