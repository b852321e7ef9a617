"""Reads a response within bounds of bytes and of values, whatever a deployment sends."""

import re
from dataclasses import dataclass

import requests

from contract_tests.client.failures import Unreadable

MAX_BYTES = 32_000_000
"""Default limit of one body, after decompression."""

MAX_HEADER_BYTES = 65_536
MAX_VALUES = 200_000
"""JSON values and closing brackets of one body: a page of 100 tickets has about 6,000."""

MAX_DEPTH = 100
"""Levels of JSON; a ticket has about five."""
_NEXT_BRACKET = re.compile(rb'(?:"(?:[^"\\]|\\.)*+"|[^][{}"])*+([][{}])', re.DOTALL)

LARGE = 1_000_000
MAX_LARGE_BYTES = 64_000_000
"""All bodies over 1 MB of a run together; after that 1 MB is the limit."""

_KEPT = 4_096
"""Bytes of a body over a limit that are kept as evidence."""
_CHUNK = 65_536


@dataclass
class ResponseLimits:
    """Limits of one run; `large` counts the bytes of its bodies over 1 MB."""

    max_bytes: int = MAX_BYTES
    large: int = 0

    def read(self, response: requests.Response) -> tuple[bytes, str]:
        """Return the body, and why it is cut off; "" if it is not.

        Raises the errors of requests for a connection that breaks, and Unreadable for an
        invalid Content-Length.
        """
        length = response.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            raise Unreadable("the response has an invalid Content-Length")
        headers = sum(len(k) + len(v) + 4 for k, v in response.raw.headers.items())
        if headers > MAX_HEADER_BYTES:
            response.close()
            return b"", f"the headers are larger than {MAX_HEADER_BYTES // 1024} kB"
        limit = min(self.max_bytes, max(LARGE, MAX_LARGE_BYTES - self.large))
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > limit:
                response.close()
                self.large += len(body)
                return bytes(body[:_KEPT]), f"the body is larger than {limit / 1e6:g} MB"
        if len(body) > LARGE:
            self.large += len(body)
        if _values(body) > MAX_VALUES:
            return bytes(body[:_KEPT]), f"the body has more than {MAX_VALUES:,} values"
        if _depth(body) > MAX_DEPTH:
            return bytes(body[:_KEPT]), f"the body is nested more than {MAX_DEPTH} levels deep"
        return bytes(body), ""


def _values(body: bytearray) -> int:
    """Return how many JSON values a body has at most."""
    return sum(map(body.count, (b",", b"[", b"{", b"]", b"}")))


def _depth(body: bytearray) -> int:
    """Return how deep arrays and objects are nested; brackets in strings do not count."""
    depth = deepest = position = 0
    while found := _NEXT_BRACKET.match(body, position):
        depth += 1 if found[1] in b"[{" else -1
        deepest = max(deepest, depth)
        position = found.end()
    return deepest
