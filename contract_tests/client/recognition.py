"""Decides by the first response whether a URL is the Tickets API at all."""

from urllib.parse import urljoin, urlsplit

from contract_tests.client.errors import CannotRun
from contract_tests.observations.exchange import LIST_PATH, Exchange

_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")

_BY_STATUS = {
    401: "{base} refused the token (401): give a valid one",
    404: "{url} was answered 404: there is no Tickets API at this URL",
    405: "{url} was answered 405: there is no Tickets API at this URL",
    410: "{url} was answered 410: there is no Tickets API at this URL",
    429: "{base} refuses every request (429 Too Many Requests): try again later",
    502: "{base} is not available (502 Bad Gateway): try again later",
    503: "{base} is not available (503 Service Unavailable): try again later",
    504: "{base} is not available (504 Gateway Timeout): try again later",
}

_MISSING = (404, 405, 410)


def require_api(base_url: str, exchange: Exchange) -> None:
    """Raise CannotRun, with the remedy, for a response that is not the API's.

    A response in JSON is the API's, however wrong it may be.
    """
    url = f"{base_url}{exchange.request.path}"
    status = exchange.status
    if status is None:
        reason = exchange.notes[-1]
        raise CannotRun(f"{base_url} cannot be reached: {reason}{_remedy(reason)}")
    if 300 <= status < 400:
        raise CannotRun(_redirect(base_url, exchange))
    if status in _BY_STATUS and (status not in _MISSING or exchange.request.path == LIST_PATH):
        raise CannotRun(_BY_STATUS[status].format(base=base_url, url=url))
    if exchange.cut:
        raise CannotRun(f"{url} is not the Tickets API: {exchange.cut}")
    if status < 500 and not _may_be_json(exchange):
        kind = exchange.media_type or "no media type"
        hint = ": a login page or another site?" if "html" in kind else ""
        raise CannotRun(f"{url} was answered {status} with {kind} instead of JSON{hint}")


def _may_be_json(exchange: Exchange) -> bool:
    """Return whether a body is JSON, or says so and may only be broken."""
    claimed = "json" in exchange.media_type and not exchange.body.startswith(_COMPRESSED)
    return exchange.is_json or claimed


def _remedy(reason: str) -> str:
    if not reason.startswith("SSLError"):
        return ""
    return "; name the authority that signed its certificate with --ca-bundle or SSL_CERT_FILE"


def _redirect(base_url: str, exchange: Exchange) -> str:
    location = exchange.header("Location") or ""
    if not location:
        return f"{base_url} answered {exchange.status} without a Location: not the Tickets API"
    target = urlsplit(urljoin(f"{base_url}{exchange.request.path}", location))
    origin = f"{target.scheme}://{target.netloc}"
    if origin == base_url or not target.path.startswith(exchange.request.path):
        return f"{base_url} redirects to {origin}{target.path}: a login page or another site?"
    return f"{base_url} redirects to {origin}; use --base-url {origin}"
