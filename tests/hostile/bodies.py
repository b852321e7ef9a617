"""Bodies that are endless, compressed beyond measure, cut off, or of the wrong length."""

import gzip
import zlib
from collections.abc import Callable
from functools import cache, partial

from tests.hostile.server import Call, Way, head, message

_ZEROS = b"0" * 1_000_000
_CHUNKED = ("Content-Type: application/json", "Transfer-Encoding: chunked")


@cache
def bomb(wbits: int = 31) -> bytes:
    """Return what 400 MB of one letter are compressed to; the checksum at the end is left out."""
    packer = zlib.compressobj(9, wbits=wbits)
    start = packer.compress(_ZEROS) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(_ZEROS) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + block * 399


def endless(call: Call) -> None:
    call.send(head("200 OK", "Content-Type: application/json", "Connection: close"))
    while True:
        call.send(_ZEROS)


def endless_chunks(call: Call) -> None:
    call.send(head("200 OK", *_CHUNKED))
    while True:
        call.send(b"%x\r\n" % len(_ZEROS), _ZEROS, b"\r\n")


def gigabyte(call: Call) -> None:
    call.send(head("200 OK", "Content-Type: application/json", "Content-Length: 1000000000"))
    for _ in range(1000):
        call.send(_ZEROS)


def compressed(call: Call, encoding: str, body: Callable[[], bytes] = bomb) -> None:
    call.send(message(body(), "200 OK", f"Content-Encoding: {encoding}"))


def compressed_twice(call: Call) -> None:
    _, _, body = call.healthy()
    twice = gzip.compress(gzip.compress(body))
    call.send(message(twice, "200 OK", "Content-Encoding: gzip"))


def many_encodings(call: Call) -> None:
    encodings = ", ".join(["gzip"] * 500)
    call.send(message(b"{}", "200 OK", f"Content-Encoding: {encodings}"))


def not_compressed(call: Call) -> None:
    _, _, body = call.healthy()
    call.send(message(body, "200 OK", "Content-Encoding: gzip"))


def cut_gzip(call: Call) -> None:
    body = gzip.compress(call.healthy()[2])
    call.send(message(body[: len(body) // 2], "200 OK", "Content-Encoding: gzip"))


def truncated(call: Call) -> None:
    call.send(head("200 OK", "Content-Type: application/json", "Content-Length: 1000"), b'{"da')


def cut_chunk(call: Call) -> None:
    call.send(head("200 OK", *_CHUNKED), b"ff\r\n", b'{"data": [')


def no_last_chunk(call: Call) -> None:
    body = call.healthy()[2]
    call.send(head("200 OK", *_CHUNKED), b"%x\r\n" % len(body), body, b"\r\n")


def chunk_size(call: Call, size: bytes) -> None:
    call.send(head("200 OK", *_CHUNKED), size, b"\r\n{}\r\n0\r\n\r\n")


def trailers(call: Call) -> None:
    body = call.healthy()[2]
    last = b"0\r\nX-Checksum: 1\r\nContent-Length: 3\r\n\r\n"
    status = f"{call.healthy()[0]} -"
    call.send(head(status, *_CHUNKED), b"%x\r\n" % len(body), body, b"\r\n", last)


def length(call: Call, *values: str) -> None:
    lines = [f"Content-Length: {value}" for value in values]
    call.send(head("200 OK", "Content-Type: application/json", *lines), call.healthy()[2])


def too_short(call: Call) -> None:
    body = call.healthy()[2]
    line = f"Content-Length: {len(body) - 40}"
    call.send(head("200 OK", "Content-Type: application/json", line, "Connection: close"), body)


_TWICE = partial(compressed, encoding="gzip, gzip", body=lambda: gzip.compress(bomb()))
_DEFLATE = partial(compressed, encoding="deflate", body=lambda: bomb(15))
_INVALID, _TWO, _LENGTH = "not valid HTTP", "two different", "invalid Content-Length"
LARGER = r"not the Tickets API.*larger than 32 MB"

WAYS = [
    Way("endless body", endless, 2, LARGER),
    Way("endless body after 5 healthy responses", endless, 1, "larger than 32 MB", after=5),
    Way("endless chunks", endless_chunks, 2, LARGER),
    Way("body of 1 GB", gigabyte, 2, LARGER),
    Way("gzip bomb", partial(compressed, encoding="gzip"), 2, LARGER),
    Way(
        "gzip bomb after 5 healthy responses",
        partial(compressed, encoding="gzip"),
        1,
        "larger than 32 MB",
        after=5,
    ),
    Way("gzip bomb within gzip", _TWICE, 2, LARGER),
    Way("deflate bomb", _DEFLATE, 2, LARGER),
    Way("gzip twice, declared once", compressed_twice, 2, "instead of JSON"),
    Way("500 encodings", many_encodings, 2, "not encoded as its Content-Encoding"),
    Way("declared as gzip, sent plain", not_compressed, 2, "not encoded as its Content-Encoding"),
    Way("gzip stream cut off", cut_gzip, 1, "is not JSON"),
    Way(
        "body shorter than its Content-Length",
        truncated,
        2,
        "the body ends at byte",
    ),
    Way("connection closed within a chunk", cut_chunk, 2, "incomplete|ended too early"),
    Way("no last chunk", no_last_chunk, 2, "incomplete|ended too early"),
    Way("chunk size not a number", partial(chunk_size, size=b"zz"), 2, "invalid chunk size"),
    Way(
        "chunk size of 70,000 digits", partial(chunk_size, size=b"0" * 70_000), 2, "not valid HTTP"
    ),
    Way("chunk size negative", partial(chunk_size, size=b"-5"), 2, _INVALID),
    Way("trailers after chunks", trailers, 0, "CONFORMING"),
    Way("Content-Length negative", lambda call: length(call, "-5"), 2, _LENGTH),
    Way(
        "Content-Length not a number", lambda call: length(call, "abc"), 2, "invalid Content-Length"
    ),
    Way(
        "two Content-Lengths",
        lambda call: length(call, "10", "20"),
        2,
        "two different Content-Length",
    ),
    Way("Content-Length of 10^40", lambda call: length(call, "9" * 40), 2, "the body ends at byte"),
    Way("body longer than its Content-Length", too_short, 1, "is not JSON"),
]
