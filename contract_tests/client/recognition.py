"""Decides by the first response whether a URL is the Tickets API at all."""

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from contract_tests.adaptations import refusal
from contract_tests.adaptations.requests import header
from contract_tests.adaptations.requests.base_path import is_lost
from contract_tests.client.errors import CannotRun
from contract_tests.client.masking import Mask
from contract_tests.client.target import Target
from contract_tests.observations.exchange import LIST_PATH, Exchange

_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
_HTML = (b"<!doctype html", b"<html")
_NO_API = "{url} was answered {status}: there is no Tickets API at this URL"
_BY_STATUS = {
    401: "{base} refused the token (401): give a valid one",
    403: "{base} refused access (403): give a token that may read tickets",
    404: _NO_API,
    405: _NO_API,
    410: _NO_API,
    429: "{base} refuses every request (429 Too Many Requests): try again later",
    502: "{base} is not available (502 Bad Gateway): try again later",
    503: "{base} is not available (503 Service Unavailable): try again later",
    504: "{base} is not available (504 Gateway Timeout): try again later",
}
_OPTIONS = {"other": "--other-token", "readonly": "--readonly-token"}
_OF_THE_LIST = (403, 404, 405, 410)
"""Statuses that say something about the API only when the list is answered so."""
_TLS = {
    "expired": "its operator has to renew the certificate",
    "mismatch": "use the host name that the certificate is for",
    "http://": "use --base-url http://…",
    "": "name the authority that signed its certificate with --ca-bundle, SSL_CERT_FILE or "
    "CURL_CA_BUNDLE",
}


def require_api(target: Target, exchange: Exchange) -> None:
    """Raise CannotRun, with the remedy, for a response that is not the API's.

    A response in JSON is the API's, however wrong it may be.
    """
    fault = (
        _wanted_header(target, exchange)
        or _fault(target.base_url, exchange)
        or _other_path(target, exchange)
    )
    if fault and exchange.client_error and is_lost(exchange):
        fault += _tried(target.journal)
    if fault:
        raise CannotRun(Mask(target.secrets()).text(fault))


def require_accepted(target: Target, exchange: Exchange) -> None:
    """Raise CannotRun for a list that is refused to a further token which was never accepted."""
    who, status = exchange.request.who, exchange.status
    if who not in _OPTIONS or status != 401 or exchange.request.path != LIST_PATH:
        return
    answers = [e.status for e in target.journal if e.request.who == who and e.handled]
    if set(answers) == {401}:
        raise CannotRun(f"{target.base_url} refused {_OPTIONS[who]} (401): give a valid one")


def _other_path(target: Target, exchange: Exchange) -> str | None:
    """Return why a list is not the one that the user named with a path."""
    told = target.transport.adaptations.base_path
    sent = exchange.sent or exchange.request
    if not told or exchange.request.path != LIST_PATH or sent.path.startswith(f"{told}/"):
        return None
    return (
        f"no Tickets API answers below {target.base_url}{told}, but one at "
        f"{target.base_url}{sent.path}: to check that one, leave the path out of --base-url"
    )


def may_be_elsewhere(exchange: Exchange) -> bool:
    """Return whether a ticket was not found, so that only the list tells where the API is."""
    return is_lost(exchange) and exchange.request.path != LIST_PATH


def _fault(base: str, exchange: Exchange) -> str | None:
    """Return why a response is not the API's; None if it may be."""
    url, status = f"{base}{exchange.request.path}", exchange.status
    if status is None:
        reason = exchange.notes[-1]
        return f"{base} cannot be reached: {reason}{_remedy(reason)}"
    if 300 <= status < 400:
        return _redirect(base, exchange)
    counts = status not in _OF_THE_LIST or exchange.request.path == LIST_PATH
    if status in _BY_STATUS and counts:
        return _BY_STATUS[status].format(base=base, url=url, status=status)
    if exchange.cut:
        return f"{url} is not the Tickets API: {exchange.cut}"
    if status != 500 and not _may_be_json(exchange):
        return f"{url} was answered {status} with {_kind(exchange)}"
    return None


def _tried(journal: Iterable[Exchange]) -> str:
    """Return the other paths that were tried, with the status of each."""
    sent = [(e.sent, e.status) for e in journal if e.superseded and e.sent is not None]
    tried = ", ".join(f"{request.path} ({status})" for request, status in sent)
    return f", nor at {tried}" if tried else ""


def _wanted_header(target: Target, exchange: Exchange) -> str | None:
    """Return which header a refusal asks for, and how to give it."""
    name = header.detect(exchange)
    if name is None:
        return None
    words = f"{exchange.status}: {refusal.words(exchange)}"
    option = f"{target.header_option} '{name}: VALUE'"
    return f"{target.base_url} requires a header: give it with {option} ({words})"


def _may_be_json(exchange: Exchange) -> bool:
    """Return whether a body is JSON, or has its media type and is only damaged."""
    if exchange.is_json:
        return True
    return "json" in exchange.media_type and not (
        exchange.body.startswith(_COMPRESSED) or _is_html(exchange)
    )


def _kind(exchange: Exchange) -> str:
    """Return a description of a body that is not JSON."""
    if _is_html(exchange) or "html" in exchange.media_type:
        return "HTML instead of JSON: a login page or another site?"
    if exchange.body.startswith(_COMPRESSED):
        return "a compressed body instead of JSON; its Content-Encoding does not say so"
    return f"{exchange.media_type or 'no media type'} instead of JSON"


def _is_html(exchange: Exchange) -> bool:
    return exchange.body[:200].lstrip().lower().startswith(_HTML)


def _remedy(reason: str) -> str:
    if "the proxy" in reason:
        return "; NO_PROXY names the hosts that need none"
    if not reason.startswith("TLS"):
        return ""
    return "; " + next(remedy for word, remedy in _TLS.items() if word in reason)


def _redirect(base: str, exchange: Exchange) -> str:
    location = exchange.header("Location") or ""
    if not location:
        return f"{base} answered {exchange.status} without a Location: not the Tickets API"
    try:
        place = urlsplit(urljoin(f"{base}{exchange.request.path}", location))
    except ValueError:
        return f"{base} redirects to an invalid URL: not the Tickets API"
    origin = f"{place.scheme}://{place.netloc}"
    if origin == base or not place.path.startswith(exchange.request.path):
        return f"{base} redirects to {origin}{place.path[:200]}: a login page or another site?"
    return f"{base} redirects to {origin}; use --base-url {origin}"
