"""The mock behind a production WSGI server, from a free port to a clean end."""

import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing import get_start_method, parent_process
from multiprocessing.util import Finalize
from threading import Thread
from time import sleep
from typing import Any

from flask import Flask
from granian import Granian
from granian.constants import Interfaces, RuntimeModes

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.errors import ConfigError, StoreUnavailable
from mockserver.gateway import Gateway
from mockserver.store import SHARED, Store
from mockserver.watch import Watch

_PATIENCE = 3
"""Seconds its process has to end by itself: a signal in that process's first moments is lost."""


def free_port(host: str, port: int) -> int:
    """Return `port`, or for 0 one that is free; raises ConfigError when it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose with --host and --port"
        ) from None


class Loader:
    """Gives each of the server's processes its app: the one made here, where processes fork."""

    def __init__(self, config: Config, app: Flask) -> None:
        self._config = replace(config, database=app.extensions["store"].url)
        self._app = app if get_start_method() == "fork" else None

    def renew(self) -> None:
        """Let the next process make an app of its own: the files have changed."""
        self._app = None

    def __call__(self) -> Gateway:
        # Until granian handles signals here, they end this process: the handlers inherited
        # from its parent would swallow them.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        app = self._app or create_app(self._config)
        store: Store = app.extensions["store"]
        Thread(target=_end_with_parent, args=(store,), name="orphan", daemon=True).start()
        if store.sharing is not None:
            Finalize(None, store.sharing.peers.leave, exitpriority=1)
            with suppress(StoreUnavailable):
                store.sharing.peers.join()
        if self._config.busy:
            app.extensions["mock"].colleagues.start(SHARED, self._config.busy)
        return Gateway(app, app.extensions["express"].takes)


def serve(
    config: Config, host: str, port: int, ready: Callable[[int], None], *, watch: bool = False
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` hears the port once it accepts connections.

    The world is made here, before the server's own processes start: what cannot
    start says so at once, and a temporary database has an owner that outlives
    them. With `watch`, saved files take effect in new such processes, upon
    the same database. Raises MockError.
    """
    port = free_port(host, port)
    config = replace(config, host=host)
    app = create_app(config)
    store: Store = app.extensions["store"]
    loader: Any = Loader(config, app)
    server = _granian(host, port, config.workers)
    announcer = Thread(target=_announce, args=(host, port, ready), daemon=True)
    server.on_startup(announcer.start)
    watcher = Watch(store, config, partial(_reload, loader, store))
    if watch:
        server.on_startup(watcher.start)
    store.rest()  # no connection may be open in two processes
    try:
        server.serve(target_loader=loader, wrap_loader=False)
    finally:
        store.close()


def _granian(host: str, port: int, workers: int) -> Any:
    return Granian(
        "mockserver",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        runtime_mode=RuntimeModes.st,
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=_PATIENCE,
        respawn_failed_workers=workers > 1,  # the others serve meanwhile
    )


def _reload(loader: Loader, store: Store) -> None:
    loader.renew()
    store.rest()
    os.kill(os.getpid(), signal.SIGHUP)  # at which granian begins its processes anew


def _end_with_parent(store: Store) -> None:
    """End this process when its parent is gone, which nobody else would then do."""
    parent = parent_process()
    if parent is None:
        return
    parent.join()
    store.outlive()
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(_PATIENCE)
    os._exit(1)


def _announce(host: str, port: int, ready: Callable[[int], None]) -> None:
    """Say that the server is there once it accepts connections; granian's hook comes before."""
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            sleep(0.005)
        else:
            return ready(port)
