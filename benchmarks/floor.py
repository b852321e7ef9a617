"""`python -m benchmarks.floor PORT`: the mock's server with a Flask view of a constant body."""

import sys

from flask import Flask, Response

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.server.process import run
from mockserver.server.socket import bind, listen
from mockserver.server.wsgi import Gateway

_BODY = b'{"data":["' + b"x" * 16_000 + b'"]}'


def application() -> Flask:
    """Return an application that answers every request with the same body."""
    bare = Flask("floor", static_folder=None)

    def view(path: str) -> Response:  # noqa: ARG001 - Flask passes it
        return Response(_BODY, 200, {"Content-Type": "application/json"})

    bare.add_url_rule("/<path:path>", "view", view, methods=["GET", "PUT"])
    app = create_app(Config(world="empty"))  # the server reads its extensions
    app.wsgi_app = bare.wsgi_app  # type: ignore[method-assign]  # Flask's way
    return app


def main() -> None:
    """Serve until a signal."""
    sockets = bind("127.0.0.1", int(sys.argv[1]))
    gateway = Gateway(application())
    listen(sockets)
    run(gateway, sockets, lambda: None)


if __name__ == "__main__":
    main()
