"""The mock behind a production server, from a free port to a clean end."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.server.process import Worker
from mockserver.server.reload import Watch
from mockserver.server.socket import listen


def serve(
    config: Config, host: str, port: int, ready: Callable[[int], None], *, watch: bool = False
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` hears the port once it accepts connections.

    The world is made here, before several processes share it: what cannot start
    says so at once, and a temporary database has an owner that outlives them.
    With `watch`, saved files take effect upon the same database. Raises MockError.
    """
    with ExitStack() as stack:
        listeners = [stack.enter_context(each) for each in listen(host, port, config.workers)]
        config = replace(config, host=host)
        app = create_app(config)
        store = app.extensions["store"]
        stack.callback(store.close)
        worker = Worker(config, app)
        watcher = Watch(store, config, worker.renew)

        def started() -> None:
            if watch:
                watcher.start()
                stack.callback(watcher.stop)
            ready(listeners[0].getsockname()[1])

        worker.run(listeners[0], started)
    worker.end()
