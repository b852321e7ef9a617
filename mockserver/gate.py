"""One request in Python at a time.

Threads are there for requests that wait: a fault's delay, a stream. The work itself
holds the interpreter anyway; threads that fight over it take twice the processor
time, as measured with `benchmarks/`.
"""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def one_at_a_time(inner: WsgiApp) -> WsgiApp:
    """Wrap an app whose waiting is done outside of it, or while its reply is read."""
    gate = Lock()

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with gate:
            return inner(environ, start_response)

    return app
