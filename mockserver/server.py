"""The mock behind a production WSGI server, from a free port to a clean end."""

import os
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Thread
from time import sleep
from typing import Any

from granian import Granian
from granian.constants import Interfaces, RuntimeModes

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.errors import ConfigError
from mockserver.gateway import Gateway
from mockserver.store import SHARED
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


def serve(
    config: Config, host: str, port: int, ready: Callable[[int], None], *, watch: bool = False
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` hears the port once it accepts connections.

    The world is made here, before the server's own process starts: what cannot
    start says so at once, and a temporary database has an owner that outlives
    that process. With `watch`, saved files take effect in a new such process, upon
    the same database. Raises MockError.
    """
    port = free_port(host, port)
    config = replace(config, host=host)
    app = create_app(config)
    store = app.extensions["store"]
    server = Granian(
        "mockserver",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        runtime_mode=RuntimeModes.st,
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=_PATIENCE,
    )
    announcer = Thread(target=_announce, args=(host, port, ready), daemon=True)
    server.on_startup(announcer.start)
    watcher = Watch(store, config, _reload)
    if watch:
        server.on_startup(watcher.start)
    try:
        load: Any = partial(_load, replace(config, database=store.url))
        server.serve(target_loader=load, wrap_loader=False)
    finally:
        store.close()


def _reload() -> None:
    os.kill(os.getpid(), signal.SIGHUP)  # at which granian begins its process anew


def _announce(host: str, port: int, ready: Callable[[int], None]) -> None:
    """Say that the server is there once it accepts connections; granian's hook comes before."""
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            sleep(0.005)
        else:
            return ready(port)


def _load(config: Config) -> Gateway:
    # Until granian handles signals here, they end this process: the handlers inherited from its
    # parent would swallow them.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    app = create_app(config)
    if config.busy:
        app.extensions["mock"].colleagues.start(SHARED, config.busy)
    return Gateway(app, app.extensions["express"].takes)
