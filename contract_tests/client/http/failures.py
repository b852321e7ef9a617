"""Descriptions of failed requests, which quote nothing that the deployment sent."""

import http.client
import socket
import ssl
import zlib
from collections.abc import Iterator

import requests
from urllib3 import exceptions as urllib3

_WORDS: dict[type[BaseException], str] = {
    ConnectionRefusedError: "the connection was refused",
    http.client.RemoteDisconnected: "the connection was closed without a response",
    ConnectionResetError: "the connection was reset",
    BrokenPipeError: "the connection was reset",
    urllib3.NameResolutionError: "the host name cannot be resolved",
    socket.gaierror: "the host name cannot be resolved",
    urllib3.ConnectTimeoutError: "the connection timed out",
    urllib3.ReadTimeoutError: "the response timed out",
    urllib3.InvalidChunkLength: "the response has an invalid chunk size",
    http.client.UnknownProtocol: "the response is not HTTP/1.1",
    http.client.BadStatusLine: "the response is not HTTP/1.1",
    http.client.IncompleteRead: "the response is incomplete: the connection was closed",
    urllib3.IncompleteRead: "the response is incomplete: the connection was closed",
    urllib3.DecodeError: "the body is not encoded as its Content-Encoding says",
    zlib.error: "the body is not encoded as its Content-Encoding says",
    urllib3.InvalidHeader: "the response has two different Content-Length headers",
    urllib3.ProtocolError: "the response is not valid HTTP, or ended too early",
    http.client.HTTPException: "the response is not HTTP/1.1, or has more than 100 headers",
    ValueError: "the response is not valid HTTP",
}

BROKEN = (requests.exceptions.RequestException, http.client.HTTPException, ValueError)
"""The errors of a response that cannot be read; ValueError is that of a malformed head."""


class Unreadable(requests.exceptions.RequestException):
    """A response that violates HTTP, or exceeds a limit of time or headers."""


def words(error: BaseException) -> str:
    """Return why a request failed; the same failure gives the same words in each run."""
    chain = list(_causes(error))
    if any(isinstance(cause, urllib3.ProxyError) for cause in chain):
        return f"the proxy of the environment failed: {_first_cause(chain)}"
    return _first_cause(chain)


def _first_cause(chain: list[BaseException]) -> str:
    """Return the description of the innermost known error."""
    for cause in reversed(chain):
        if text := _own_words(cause):
            return text
        for kind, text in _WORDS.items():
            if isinstance(cause, kind):
                return text
    return _other(chain)


def _own_words(cause: BaseException) -> str:
    """Return the description that an error itself contains, or an empty one."""
    if isinstance(cause, Unreadable):
        return str(cause)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"TLS: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return f"TLS: {_of_tls(cause)}"
    if isinstance(cause, urllib3.IncompleteRead) and cause.expected:
        return f"the body ends at byte {cause.partial:,} of {cause.partial + cause.expected:,}"
    if isinstance(cause, http.client.LineTooLong):
        return "a status line or header is longer than 64 kB"
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it wraps; the libraries keep the cause in an argument."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause in seen:
            continue
        seen.append(cause)
        yield cause
        inner = (*cause.args, cause.__cause__, getattr(cause, "reason", None))
        waiting += [each for each in inner if isinstance(each, BaseException)]


def _of_tls(error: ssl.SSLError) -> str:
    reason = (error.reason or "the handshake failed").replace("_", " ").lower()
    plain = reason in ("wrong version number", "record layer failure", "http request")
    return f"{reason}: is it an http:// URL?" if plain else reason


def _other(chain: list[BaseException]) -> str:
    """Return the system's description of an unknown error, or the error's name."""
    system = next((cause for cause in reversed(chain) if isinstance(cause, OSError)), None)
    if system is not None and system.strerror:
        return system.strerror.lower()
    return f"the response cannot be read ({type(chain[-1]).__name__})"
