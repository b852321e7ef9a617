"""Several processes that serve one state: begun, replaced when they die, and ended."""

import os
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing import Process, get_start_method
from multiprocessing.connection import wait
from threading import Event, Thread
from time import sleep
from types import FrameType

from flask import Flask

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.server.process import Worker
from mockserver.store.apart import once_orphaned

_PATIENCE = 3
"""Seconds a process has to end by itself."""

_GLANCE = 0.1
"""Seconds between two looks for a signal."""

_PAUSE = 0.1
"""Seconds before a process that died is replaced, lest one that cannot live keeps all busy."""


class Supervisor:
    """Keeps as many workers alive as there are to be; `app` is theirs where processes fork."""

    def __init__(self, config: Config, app: Flask, listeners: list[socket.socket]) -> None:
        self._config = replace(config, database=app.extensions["store"].url)
        self._app = app if get_start_method() == "fork" else None
        self._listeners = listeners
        self._workers: list[Process] = []
        self._over = False

    def run(self, started: Callable[[], None]) -> None:
        """Serve until SIGINT or SIGTERM; `started` is called when all workers have begun."""
        handlers = {n: signal.signal(n, self._end) for n in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._workers = [self._begin(number) for number in range(self._config.workers)]
            started()
            while not self._over:
                self._replace(wait([each.sentinel for each in self._workers], _GLANCE))
        finally:
            self._stop()
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def renew(self) -> None:
        """Let each worker, and each that comes after it, serve the files as they are now."""
        self._app = None
        for worker in self._workers:
            os.kill(worker.pid or 0, signal.SIGHUP)

    def _begin(self, number: int) -> Process:
        listener = self._listeners[number % len(self._listeners)]
        worker = Process(target=_work, args=(self._config, self._app, listener))
        worker.start()
        return worker

    def _replace(self, dead: Sequence[object]) -> None:
        for number, worker in enumerate(self._workers):
            if worker.sentinel in dead and not self._over:
                sleep(_PAUSE)
                self._workers[number] = self._begin(number)

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self._over = True

    def _stop(self) -> None:
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.join(_PATIENCE)
            worker.kill()
            worker.join()


def _work(config: Config, app: Flask | None, listener: socket.socket) -> None:
    """Be a worker."""
    app = app or create_app(config)
    worker = Worker(config, app)
    renewal = Event()
    signal.signal(signal.SIGHUP, lambda *_: renewal.set())
    Thread(target=_renew, args=(worker, renewal), name="renewal", daemon=True).start()
    once_orphaned(lambda: _end(app))
    worker.run(listener)
    worker.end()


def _renew(worker: Worker, renewal: Event) -> None:
    while renewal.wait():
        renewal.clear()
        worker.renew()


def _end(app: Flask) -> None:
    """End this process, and what its parent was to remove."""
    app.extensions["store"].outlive()
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(_PATIENCE)
    os._exit(1)
