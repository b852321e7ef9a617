"""Responses that are not the API's: gateways, login pages, redirects, refusals, storms."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from urllib.parse import quote

from tests.hostile.server import TOKEN, Call, Way, healthy, message

_LOGIN = b"<!doctype html><title>Sign in</title><form><input type=password></form>"
_JSON = b'{"message": "no"}'
_LATER = datetime.now(UTC) + timedelta(hours=2)


def answer(
    call: Call, status: str, *headers: str, body: bytes = _JSON, kind: str = "application/json"
) -> None:
    call.send(message(body, status, *headers, kind=kind))


def page(call: Call, status: str, *headers: str, body: bytes = _LOGIN) -> None:
    answer(call, status, *headers, body=body, kind="text/html")


def redirect(call: Call, location: str) -> None:
    place = location.format(url=call.server.url, target=call.target)
    page(call, "302 Found", f"Location: {place}")


def to_https(call: Call) -> None:
    page(call, "301 Moved", f"Location: https://api.example.com{call.target}")


def token_in_location(call: Call) -> None:
    page(call, "302 Found", f"Location: /login/{quote(TOKEN)}?next={quote(TOKEN)}")


def token_in_status(call: Call) -> None:
    call.send(f"HTTP/1.1 oops {TOKEN}\r\n\r\n".encode())


def once(call: Call, status: str, *headers: str) -> None:
    """Answer one request in the middle of a run with a status."""
    if call.number == 8:
        page(call, status, *headers)
    else:
        healthy(call)


def one_request(call: Call, status: str) -> None:
    """Answer one and the same request with a status, however often it is sent."""
    if call.target.startswith("/api/tickets/"):
        page(call, status)
    else:
        healthy(call)


def storm(name: str, *headers: str, message: str, **more: object) -> Way:
    behave = partial(page_429, headers=headers)
    return Way(f"429 to everything, {name}", behave, 2, message, **more)


def page_429(call: Call, headers: tuple[str, ...]) -> None:
    answer(call, "429 Too Many Requests", *headers)


def refused(status: str, pattern: str, **more: object) -> Way:
    return Way(f"{status} to everything", lambda call: page(call, status), 2, pattern, **more)


_RFC_850 = _LATER.strftime("%A, %d-%b-%y %H:%M:%S GMT")
_ASCTIME = _LATER.strftime("%a %b %d %H:%M:%S %Y")
_IMF = format_datetime(_LATER, usegmt=True)
_REPEATED = "and the request was repeated"
WAIT = r"asks to wait (\d+) s"

WAYS = [
    Way("login page", lambda call: page(call, "200 OK"), 2, "login page"),
    Way("login page declared as JSON", lambda call: answer(call, "200 OK", body=_LOGIN), 2, "HTML"),
    Way("XML", lambda c: answer(c, "200 OK", body=b"<a/>", kind="text/xml"), 2, "text/xml"),
    Way("200 without a body", lambda c: c.send(message(b"", kind="")), 2, "instead of JSON"),
    Way("204 to everything", lambda call: call.send(b"HTTP/1.1 204 -\r\n\r\n"), 2, "204"),
    Way("301 to https", to_https, 2, "use --base-url https://api.example.com"),
    Way("302 to a login page", partial(redirect, location="/login"), 2, "redirects to .*/login"),
    Way("302 to itself", partial(redirect, location="{url}{target}"), 2, "redirects to"),
    Way("302 without Location", lambda call: page(call, "302 Found"), 2, "Location"),
    Way("302 to an invalid URL", partial(redirect, location="http://[/"), 2, "redirects"),
    Way("302 to a URL with the token", token_in_location, 2, "redirects to"),
    Way("the token in a malformed status line", token_in_status, 2, "not HTTP/1.1"),
    Way("302 with an ESC in Location", partial(redirect, location="/\x1b[31mred"), 2, "redirects"),
    Way("304 to everything", lambda call: call.send(b"HTTP/1.1 304 -\r\n\r\n"), 2, "304"),
    storm("without Retry-After", message="429", max_time=1),
    storm("Retry-After: 0", "Retry-After: 0", message="429"),
    storm("Retry-After: 300", "Retry-After: 300", message=r"asks to wait 300 s"),
    storm("Retry-After: 10^26", f"Retry-After: 1{'0' * 26}", message="asks to wait"),
    storm("Retry-After: 5,000 digits", f"Retry-After: {'9' * 5000}", message="asks to wait"),
    storm("Retry-After: -5", "Retry-After: -5", message="429", max_time=1),
    storm("Retry-After: soon", "Retry-After: soon", message="429", max_time=1),
    storm("Retry-After as IMF date", f"Retry-After: {_IMF}", message=WAIT),
    storm("Retry-After as RFC 850 date", f"Retry-After: {_RFC_850}", message=WAIT),
    storm("Retry-After as asctime date", f"Retry-After: {_ASCTIME}", message=WAIT),
    Way(
        "429 with Retry-After: 300 after 20 healthy responses",
        partial(page_429, headers=("Retry-After: 300",)),
        0,
        "asks to wait 300 s",
        after=20,
    ),
    refused("400 Bad Request", "400"),
    refused("401 Unauthorized", "token"),
    refused("403 Forbidden", "403"),
    Way("403 in JSON to everything", lambda call: answer(call, "403 Forbidden"), 2, "403"),
    Way("404 in JSON to everything", lambda call: answer(call, "404 Not Found"), 2, "404"),
    refused("405 Method Not Allowed", "405"),
    refused("407 Proxy Authentication Required", "407"),
    refused("418 I'm a teapot", "418"),
    refused("502 Bad Gateway", "502"),
    refused("503 Service Unavailable", "503"),
    refused("504 Gateway Timeout", "504"),
    refused("511 Network Authentication Required", "511"),
    refused("521 Web Server Is Down", "521"),
    Way("503 with Retry-After: 300", lambda c: page(c, "503 -", "Retry-After: 300"), 2, WAIT),
    Way("500 in JSON to everything", lambda call: answer(call, "500 -"), 1, "answered 500"),
    Way("999 in JSON to everything", lambda call: answer(call, "999 -"), 1, "999"),
    Way(
        "one 503 among healthy responses",
        partial(once, status="503 -"),
        0,
        f"503, {_REPEATED}",
    ),
    Way(
        "one 502 among healthy responses",
        partial(once, status="502 -"),
        0,
        f"502, {_REPEATED}",
    ),
    Way(
        "503 to every detail",
        partial(one_request, status="503 -"),
        1,
        "503",
        options=("--retries", "0"),
    ),
]
