"""The addresses that a server listens on."""

import errno
import socket

from mockserver.contract.errors import ConfigError

LOOPBACK = "localhost"
"""Both loopback addresses: clients differ in which of them `localhost` means."""

_BACKLOG = 2048
_FREE_PORTS = 20
"""Free ports tried for one that is free on both addresses."""

_NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def bind(host: str, port: int) -> list[socket.socket]:
    """Bind a port, or for 0 a free one; raises ConfigError.

    Connections are refused until the sockets listen.
    """
    for attempt in range(_FREE_PORTS):
        try:
            return _bind_all(host, port)
        except OSError as error:
            if port or error.errno != errno.EADDRINUSE or attempt == _FREE_PORTS - 1:
                raise _refusal(host, port, error) from None
    raise AssertionError("the last attempt returns or raises")


def listen(sockets: list[socket.socket]) -> None:
    """Accept connections from now on; raises ConfigError."""
    for each in sockets:
        try:
            each.listen(_BACKLOG)
        except OSError as error:  # another program began to listen meanwhile
            host, port, *_ = each.getsockname()
            raise _refusal(host, port, error) from None


def _bind_all(host: str, port: int) -> list[socket.socket]:
    if host != LOOPBACK:
        return [_bind(host, port)]
    first = _bind("127.0.0.1", port)
    try:
        return [first, _bind("::1", first.getsockname()[1])]
    except OSError as error:
        if error.errno in _NO_IPV6:
            return [first]
        first.close()
        raise


def _bind(host: str, port: int) -> socket.socket:
    passive = socket.AI_PASSIVE
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=passive)[0]
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def _refusal(host: str, port: int, error: OSError) -> ConfigError:
    return ConfigError(
        f"cannot listen on {host}:{port}: {error.strerror}; choose with --host and --port"
    )
