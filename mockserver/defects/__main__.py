"""`python -m mockserver.defects NAME [--seed N]` serves a healthy variant until it is ended."""

import logging
import signal
import sys
from types import FrameType
from typing import Any

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from mockserver.defects.healthy import HEALTHY
from mockserver.store import SHARED


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # as a deployment keeps its connections

    def log(self, *_: Any) -> None:
        """Say nothing."""


@click.command()
@click.argument("name", type=click.Choice(list(HEALTHY)))
@click.option("--seed", type=int, default=1, show_default=True)
def main(name: str, seed: int) -> None:
    """Serve a strange but conforming mock on a free port of this machine."""
    variant = HEALTHY[name]
    app = variant.open(seed=seed)
    if busy := variant.options.get("busy"):
        app.extensions["mock"].colleagues.start(SHARED, busy)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)
    signal.signal(signal.SIGTERM, _stop)
    click.echo(f"{name} on http://127.0.0.1:{server.server_port}")
    sys.stdout.flush()
    try:
        server.serve_forever()
    finally:
        app.extensions["store"].close()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


main()
