"""The port a server listens on, had before anything else is made ready."""

import socket
import sys
from contextlib import ExitStack

from mockserver.contract.errors import ConfigError

_BACKLOG = 2048


def listen(host: str, port: int, workers: int) -> list[socket.socket]:
    """Return sockets that listen on `port`, or for 0 on a free one; raises ConfigError.

    There is one for each worker where the system spreads connections over them, which
    then wait at a socket that outlives its worker; elsewhere one for all.
    """
    with ExitStack() as opened:
        try:
            family, *_, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            first = opened.enter_context(_bound(family, address))
            listeners = [first]
            if workers > 1 and sys.platform == "linux":
                address = first.getsockname()  # nobody else has it, so all of it is ours
                first.close()
                spread = (_bound(family, address, spread=True) for _ in range(workers))
                listeners = [opened.enter_context(each) for each in spread]
            for listener in listeners:
                listener.listen(_BACKLOG)
                listener.set_inheritable(True)
        except OSError as error:
            raise ConfigError(
                f"cannot listen on {host}:{port}: {error.strerror}; choose with --host and --port"
            ) from None
        opened.pop_all()
    return listeners


def _bound(family: int, address: tuple[object, ...], *, spread: bool = False) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if spread:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener
