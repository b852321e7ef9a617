"""The HTTP server and its command line: connections, threads, signals and reloading."""

import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.server.process import Process
from mockserver.server.reload import Reloader
from mockserver.server.request_log import ErrorLog, Format, RequestLog
from mockserver.server.socket import LOOPBACK as LOOPBACK
from mockserver.server.socket import bind, listen
from mockserver.store import Store

if TYPE_CHECKING:
    from mockserver.server.upstream import Upstream


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
        stack.callback(app.extensions["store"].close)
        process = Process(config, app, passes_to)
        lines = stack.enter_context(closing(RequestLog(sys.stdout.fileno(), log or "text")))
        stack.enter_context(closing(ErrorLog(RequestLog(sys.stderr.fileno(), log or "text"))))
        if log is not None:
            stack.enter_context(app.extensions["journal"].listening(lines.add))
        if reload:
            store = app.extensions["store"]
            stack.enter_context(Reloader(store, config, process.renew, lines.say))
        listen(sockets)
        process.run(sockets, lambda: ready(sockets[0].getsockname()[1], app.extensions["store"]))
    process.end()


def _upstream(url: str) -> "Upstream":
    from mockserver.server.upstream import Upstream  # noqa: PLC0415 - its client starts slowly

    return Upstream(url)
