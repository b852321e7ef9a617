"""Connections that are refused, reset, silent, slow or half closed; TLS that does not verify."""

import socket
import ssl
from datetime import UTC, datetime
from functools import cache, partial

import trustme

from tests.hostile.server import Call, Way, head, healthy, message


@cache
def authority() -> trustme.CA:
    return trustme.CA()


def certificate(name: str = "127.0.0.1", **more: object) -> ssl.SSLContext:
    """Return a server's context with a certificate for a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(name, **more).configure_cert(context)
    return context


def expired() -> ssl.SSLContext:
    return certificate(
        not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2021, 1, 1, tzinfo=UTC)
    )


def self_signed() -> ssl.SSLContext:
    """Return the context of a server whose certificate no known authority signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


def silent(call: Call) -> None:
    call.wait()


def drip_body(call: Call) -> None:
    call.send(head("200 OK", "Content-Type: application/json", "Content-Length: 100000"))
    while True:
        call.send(b" ")
        call.wait(0.1)


def drip_head(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        call.send(b"x")
        call.wait(0.1)


def drip_chunks(call: Call) -> None:
    call.send(head("200 OK", "Content-Type: application/json", "Transfer-Encoding: chunked"))
    while True:
        call.send(b"1\r\n \r\n")
        call.wait(0.1)


def closes(call: Call) -> None:
    """Close without a word."""


def resets(call: Call) -> None:
    call.reset()


def resets_in_body(call: Call) -> None:
    call.send(head("200 OK", "Content-Type: application/json", "Content-Length: 100"), b'{"d')
    call.reset()


def resets_now_and_then(call: Call) -> None:
    if call.number % 5 == 3:
        call.reset()
    else:
        healthy(call)


def half_closes(call: Call) -> None:
    healthy(call)
    call.connection.shutdown(socket.SHUT_WR)
    call.connection.recv(1)


def sends_more(call: Call) -> None:
    """Answer, and send a second response that nothing asked for."""
    healthy(call)
    call.send(message(b'{"message": "extra"}'))


def early(call: Call) -> None:
    """Answer before the request was read."""
    call.send(message(b"<p>Hello</p>", kind="text/html"))
    call.read()


def tls(name: str, message: str, **more: object) -> Way:
    return Way(f"TLS: {name}", healthy, 2, message, url="https://127.0.0.1:{port}", **more)


_TRUSTED = ("--ca-bundle", "{ca}")
RESET = "cannot be reached: the connection was (reset|closed)"
LATE = r"cannot be reached: .*(longer than 1 s|timed out)"
CA = "--ca-bundle, SSL_CERT_FILE or CURL_CA_BUNDLE"

WAYS = [
    Way("closed port", closes, 2, "cannot be reached: .*refused", listens="closed"),
    Way("unknown host", closes, 2, "cannot be reached", url="http://tickets.invalid:{port}"),
    Way("never accepts", closes, 2, LATE, listens="never accepts", max_time=1),
    Way("silent", silent, 2, LATE, max_time=1),
    Way("silent after 20 healthy responses", silent, 0, "is spent", after=20, max_time=2),
    Way("a byte of the body every 0.1 s", drip_body, 2, LATE, max_time=1),
    Way("a byte of a header every 0.1 s", drip_head, 2, LATE, max_time=1),
    Way("a chunk every 0.1 s", drip_chunks, 2, LATE, max_time=1),
    Way("closes before the request is read", closes, 2, RESET, early=True),
    Way("closes without an answer", closes, 2, RESET),
    Way("resets before the request is read", resets, 2, RESET, early=True),
    Way("resets without an answer", resets, 2, RESET),
    Way("resets within the body", resets_in_body, 2, RESET),
    Way("resets every fifth request", resets_now_and_then, 0, "CONFORMING"),
    Way("closes half of the connection", half_closes, 0, "CONFORMING"),
    Way("a second response that nothing asked for", sends_more, 0, "CONFORMING"),
    Way("answers before the request was read", early, 2, "instead of JSON", early=True),
    Way("IPv6 only", healthy, 0, "CONFORMING", host="::1", url="http://[::1]:{port}"),
    tls(
        "expired",
        "expired; its operator has to renew",
        tls=expired,
        options=_TRUSTED,
    ),
    tls(
        "for another host",
        "use the host name that the certificate is for",
        tls=partial(certificate, "other.example.com"),
        options=_TRUSTED,
    ),
    tls("signed by an unknown authority", CA, tls=certificate),
    tls("signed by another authority", CA, tls=self_signed, options=_TRUSTED),
    Way(
        "TLS: plain HTTP on an https URL",
        early,
        2,
        "use --base-url http://",
        early=True,
        url="https://127.0.0.1:{port}",
    ),
    Way("TLS: on an http URL", healthy, 2, RESET, tls=certificate),
    Way(
        "TLS: signed by the authority of --ca-bundle",
        healthy,
        0,
        "CONFORMING",
        tls=certificate,
        url="https://127.0.0.1:{port}",
        options=_TRUSTED,
    ),
]
