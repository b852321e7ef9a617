"""Status lines and headers that are endless, huge or malformed; interim (1xx) responses."""

from functools import partial

from tests.hostile.server import Call, Way, head, healthy, message


def headers(call: Call, count: int, size: int) -> None:
    call.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(count):
        call.send(f"X-{number}: {'x' * size}\r\n".encode())
    call.send(b"Content-Length: 2\r\nContent-Type: application/json\r\n\r\n{}")


def endless_headers(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        call.send(b"X-Filler: " + b"x" * 1000 + b"\r\n")


def endless_line(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\nX-Filler: ")
    while True:
        call.send(b"x" * 65_536)


def endless_status_line(call: Call) -> None:
    call.send(b"HTTP/1.1 200 ")
    while True:
        call.send(b"x" * 65_536)


def endless_interim(call: Call, status: str) -> None:
    while True:
        call.send(head(status) * 100)


def continues(call: Call) -> None:
    endless_interim(call, "100 Continue")


def hints(call: Call) -> None:
    endless_interim(call, "103 Early Hints")


def interim(call: Call, status: str) -> None:
    call.send(head(status, "Link: </style.css>; rel=preload"))
    healthy(call)


def raw(call: Call, answer: bytes) -> None:
    call.send(answer)


def old_version(call: Call) -> None:
    status, lines, body = call.healthy()
    kept = [f"{name}: {value}" for name, value in lines if name.lower() != "content-length"]
    call.send(head(f"{status} -", *kept, version="HTTP/1.0"), body)


def cookies(call: Call) -> None:
    """Set a cookie with each response, and refuse a request that carries one."""
    if any(name.lower() == "cookie" for name, _ in call.headers):
        call.send(message(b'{"message": "a cookie came back"}', "500 Oops"))
        return
    status, lines, body = call.healthy()
    kept = [f"{name}: {value}" for name, value in lines]
    call.send(head(f"{status} -", *kept, "Set-Cookie: session=1; Path=/"), body)


def with_lines(call: Call, *lines: bytes) -> None:
    """Answer as a healthy deployment, with more lines in the head."""
    status, headers, body = call.healthy()
    kept = [f"{name}: {value}".encode() for name, value in headers]
    first = f"HTTP/1.1 {status} -".encode()
    call.send(b"\r\n".join([first, *kept, *lines, b"Connection: close", b"", b""]) + body)


def odd_lines(call: Call) -> None:
    with_lines(call, b"X-A: a\0b", b"X-B: a\r\n b", b"X-C: \xff\xfe", b"X-D: \x1b[2J", b": x", b"X")


def unknown_encoding(call: Call) -> None:
    with_lines(call, b"Content-Encoding: unheard-of")


def reset_in_milliseconds(call: Call) -> None:
    with_lines(call, b"X-RateLimit-Remaining: 0", b"X-RateLimit-Reset: 99999999999999")


def both_lengths(call: Call) -> None:
    status, lines, body = call.healthy()
    kept = [f"{name}: {value}" for name, value in lines]
    call.send(head(f"{status} -", *kept, "Transfer-Encoding: chunked"))
    call.send(b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n" if body else b"0\r\n\r\n")


WAYS = [
    Way("one header of 1 MB", partial(headers, count=1, size=1_000_000), 2, "(?i)header"),
    Way("90 headers of 60 kB", partial(headers, count=90, size=60_000), 2, "(?i)header"),
    Way("10,000 headers", partial(headers, count=10_000, size=10), 2, "(?i)header"),
    Way("endless headers", endless_headers, 2, "(?i)header"),
    Way("endless header line", endless_line, 2, "(?i)header"),
    Way("endless status line", endless_status_line, 2, "(?i)status line"),
    Way(
        "endless 100 Continue",
        continues,
        2,
        "interim responses",
    ),
    Way(
        "endless 103 Early Hints",
        hints,
        2,
        "interim responses",
    ),
    Way("100 Continue first", partial(interim, status="100 Continue"), 0, "CONFORMING"),
    Way("103 Early Hints first", partial(interim, status="103 Early Hints"), 0, "CONFORMING"),
    Way("101 Switching Protocols", partial(raw, answer=head("101 Switching")), 2, "101"),
    Way("another protocol", partial(raw, answer=b"SSH-2.0-OpenSSH_9.9\r\n"), 2, "not HTTP/1.1"),
    Way("HTTP/0.9: a body alone", partial(raw, answer=b'{"data": []}'), 2, "not HTTP/1.1"),
    Way("HTTP/9.9", partial(raw, answer=b"HTTP/9.9 200 OK\r\n\r\n{}"), 2, "not HTTP/1.1"),
    Way("status abc", partial(raw, answer=b"HTTP/1.1 abc OK\r\n\r\n{}"), 2, "not HTTP/1.1"),
    Way("status 42", partial(raw, answer=b"HTTP/1.1 42 OK\r\n\r\n{}"), 2, "not HTTP/1.1"),
    Way("bytes of noise", partial(raw, answer=bytes(range(256)) * 40), 2, "not HTTP/1.1"),
    Way("HTTP/1.0 without a length", old_version, 0, "CONFORMING"),
    Way("cookies with each response", cookies, 0, "CONFORMING"),
    Way("header lines with NUL, ESC, folds, other bytes and no name", odd_lines, 0, "CONFORMING"),
    Way("an unknown Content-Encoding of a plain body", unknown_encoding, 0, "CONFORMING"),
    Way("X-RateLimit-Reset in milliseconds", reset_in_milliseconds, 0, "CONFORMING"),
    Way("Content-Length and chunks", both_lengths, 0, "CONFORMING"),
]
