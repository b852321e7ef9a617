"""Reads a response within bounds of bytes and of values, whatever a deployment sends."""

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import requests

from contract_tests.client.http.failures import Unreadable

MAX_BYTES = 32_000_000
"""Limit of one body, after decompression."""

MAX_HEADER_BYTES = 65_536
MAX_VALUES = 200_000
"""JSON values and closing brackets of one body: a page of 100 tickets has about 6,000."""

MAX_DEPTH = 100
"""Levels of JSON; a ticket has about five."""
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NO_SIGNS = bytes(set(range(256)) - set(b'[]{}"'))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}

LARGE = 1_000_000
MAX_LARGE_BYTES = 64_000_000
"""Memory for the bodies of a run that take over 1 MB each; after that, they are not kept."""
_BYTES_OF_VALUE = 64

_KEPT = 4_096
"""Bytes of a body over a limit that are kept as evidence."""
_CHUNK = 65_536


class Body(NamedTuple):
    """A body after decompression, or its first kilobytes.

    `cut` says which limit it is over. `unread` marks a body that is within the limits, but for
    which the large bodies of the run have left no memory.
    """

    content: bytes = b""
    cut: str = ""
    unread: bool = False


@dataclass
class ResponseLimits:
    """Limits of one run; `large` is the memory that its bodies over 1 MB take."""

    max_bytes: int = MAX_BYTES
    large: int = 0

    def read(self, response: requests.Response) -> Body:
        """Return the body.

        Raises the errors of requests for a connection that breaks, and Unreadable for an
        invalid Content-Length.
        """
        length = response.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            raise Unreadable("the response has an invalid Content-Length")
        headers = sum(len(k) + len(v) + 4 for k, v in response.raw.headers.items())
        if headers > MAX_HEADER_BYTES:
            response.close()
            return Body(cut=f"the headers are larger than {MAX_HEADER_BYTES // 1024} kB")
        limit = min(self.max_bytes, max(LARGE, MAX_LARGE_BYTES - self.large))
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > limit:
                response.close()
                self.large += len(body)
                return self._over(limit, bytes(body[:_KEPT]))
        cut = _too_complex(body)
        if cut:
            return Body(bytes(body[:_KEPT]), cut)
        return Body(bytes(body)) if self._keeps(body) else Body(bytes(body[:_KEPT]), unread=True)

    def _keeps(self, body: bytearray) -> bool:
        """Return whether there is memory for a body, and count it if it is large."""
        memory = memory_of(body)
        if memory <= LARGE:
            return True
        if self.large + memory > MAX_LARGE_BYTES:
            return False
        self.large += memory
        return True

    def _over(self, limit: int, start: bytes) -> Body:
        if limit < self.max_bytes:
            return Body(start, unread=True)
        return Body(start, f"the body is larger than {limit / 1e6:g} MB")


def _too_complex(body: bytearray) -> str:
    """Return why a body has more values than memory allows; "" if it has not."""
    if _values(body) > MAX_VALUES:
        return f"the body has more than {MAX_VALUES:,} values"
    if _depth(body) > MAX_DEPTH:
        return f"the body is nested more than {MAX_DEPTH} levels deep"
    return ""


def memory_of(body: bytes | bytearray) -> int:
    """Return roughly how many bytes a parsed body takes."""
    return len(body) + _BYTES_OF_VALUE * _values(body)


def _values(body: bytes | bytearray) -> int:
    """Return how many JSON values a body has at most."""
    return sum(map(body.count, (b",", b"[", b"{", b"]", b"}")))


def _depth(body: bytearray) -> int:
    """Return how deep arrays and objects are nested; brackets in strings do not count."""
    signs = _STRING.sub(b"", body).translate(None, _NO_SIGNS)
    brackets = signs.partition(b'"')[0]  # what follows is in a string that never ends
    return max(accumulate(map(_STEPS.__getitem__, brackets), initial=0))
