"""Answers to reading requests, told again as long as the store is as it was."""

from collections.abc import Callable, Hashable
from typing import Any

from mockserver.store import Store, World

_REMEMBERED = 300
"""Bodies; a page of 25 tickets takes about 17 kB."""

_DEPENDS_ON = (
    *("HTTP_AUTHORIZATION", "PATH_INFO", "QUERY_STRING"),
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),  # where links lead
)


class Retold:
    """Bodies of one operation by what a request asks for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[Hashable, tuple[Hashable, World, bytes]] = {}

    def body(self, environ: dict[str, Any], make: Callable[[], tuple[World, bytes]]) -> bytes:
        """Return the body that a request was answered with in this version of the store.

        Otherwise, or where a store has no version, it is made. What is written meanwhile
        gives the store another version, in which nothing of this one is told again.
        """
        version = self._store.version()
        if version is None:
            return make()[1]
        asked = tuple(map(environ.get, _DEPENDS_ON))
        known = self._kept.get(asked)
        if known is not None and known[0] == version:
            self._store.worlds.use(known[1])
            return known[2]
        world, body = make()
        if len(self._kept) >= _REMEMBERED:
            self._kept.clear()
        self._kept[asked] = (version, world, body)
        return body
