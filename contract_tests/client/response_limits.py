"""Reads a response within bounds of bytes and of values, whatever a deployment sends."""

from dataclasses import dataclass

import requests

MAX_BYTES = 32_000_000
"""Default limit of one body, after decompression."""

MAX_HEADER_BYTES = 65_536
MAX_VALUES = 200_000
"""JSON values of one body: a page of 100 tickets has about 6,000."""

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

        Raises the errors of requests for a connection that breaks, and ValueError for a
        Content-Length that is not a number.
        """
        length = response.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            raise ValueError(f"invalid Content-Length {length[:20]!r}")
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
        return bytes(body), ""


def _values(body: bytearray) -> int:
    """Return how many JSON values a body has at most."""
    return body.count(b",") + body.count(b"[") + body.count(b"{")
