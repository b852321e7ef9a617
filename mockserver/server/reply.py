"""A response as the server sends it."""

from collections.abc import AsyncIterable
from typing import Any, NamedTuple

Environ = dict[str, Any]


class Reply(NamedTuple):
    """A response; `pieces` stand in place of `body` where it is sent piece by piece."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    pieces: AsyncIterable[bytes] | None = None
