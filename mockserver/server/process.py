"""One process that serves: an app behind uvicorn, until a signal ends it."""

import gc
import logging
import os
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from flask import Flask

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.errors import MockError
from mockserver.server.protocol import Connection
from mockserver.server.wsgi import Gateway
from mockserver.store import SHARED

_GRACE = 1
"""Seconds that answers under way have when the server ends."""

_KEEP_ALIVE = 75
"""Seconds a connection may idle: longer than the clients of a test suite pause."""


_log = logging.getLogger("mockserver")


class Worker:
    """Serves an app, or the one that `renew` made in its place."""

    def __init__(self, config: Config, app: Flask) -> None:
        self._config = config
        self._gateway = Gateway(app)

    def run(self, listener: socket.socket, started: Callable[[], None] = lambda: None) -> None:
        """Serve until SIGINT or SIGTERM; `started` is called once it accepts connections."""
        self._join()
        # What is here by now stays: looking through it for garbage would cost a request in thirty.
        gc.freeze()
        try:
            _Server(self._gateway, started).run([listener])
        finally:
            self._leave()

    def renew(self) -> None:
        """Serve the files as they are now, upon the same database."""
        try:
            self._gateway.app = create_app(self._config, self._gateway.app)
        except MockError as error:  # saved again since they were looked at
            _log.error("%s; the mock goes on as before", error)

    def end(self) -> None:
        """End this process at once where threads still sleep for requests nobody waits for."""
        if self._gateway.waiting:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)

    def _join(self) -> None:
        app = self._gateway.app
        if self._config.busy:
            app.extensions["mock"].colleagues.start(SHARED, self._config.busy)

    def _leave(self) -> None:
        app = self._gateway.app
        app.extensions["mock"].colleagues.close()


class _Server(uvicorn.Server):
    """uvicorn, which says when it is there and which a signal ends in peace."""

    def __init__(self, gateway: Gateway, started: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                gateway,
                http=Connection,
                ws="none",
                interface="asgi3",
                lifespan="off",
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                log_level="critical",  # a fault breaks replies on purpose
                timeout_keep_alive=_KEEP_ALIVE,
                timeout_graceful_shutdown=_GRACE,
            )
        )
        self._gateway = gateway
        self._on_start = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._gateway.end_streams()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        self.should_exit = True
