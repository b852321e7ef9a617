"""The journal as a HAR 1.2 file, which a browser's network panel opens."""

from collections.abc import Iterable
from http import HTTPStatus
from io import StringIO
from urllib.parse import parse_qsl, quote

from harfile import Content, Creator, HarFile, PostData, Record, Request, Response, Timings

from mockserver import __version__
from mockserver.journal.exchange import Exchange
from mockserver.journal.masking import MASK
from mockserver.journal.serializer import base64_of, moment, request_headers, response_text

_HTTP = "HTTP/1.1"


def har_archive(exchanges: Iterable[Exchange], base_url: str) -> str:
    """Return exchanges as a HAR document; secrets are masked as in the journal.

    The masks of tokens are numbered in the order of their first use, so that a reader can
    distinguish the users.
    """
    numbers: dict[int, int] = {}
    text = StringIO()
    creator = Creator(name="there-there-mock", version=__version__)
    with HarFile(text, creator=creator) as har:
        for exchange in exchanges:
            milliseconds = round(exchange.seconds * 1000, 3)
            har.add_entry(
                startedDateTime=moment(exchange),
                time=milliseconds,
                request=_request(exchange, base_url, numbers),
                response=_response(exchange),
                timings=Timings(send=0, wait=milliseconds, receive=0),
                comment=_comment(exchange),
            )
    return text.getvalue()


def _request(exchange: Exchange, base_url: str, numbers: dict[int, int]) -> Request:
    query = f"?{exchange.query}" if exchange.query else ""
    pairs = parse_qsl(exchange.query, keep_blank_values=True)
    return Request(
        method=exchange.method,
        url=base_url + quote(exchange.path, safe="/*%") + query,
        httpVersion=_HTTP,
        headers=_records(_numbered(exchange, numbers).items()),
        queryString=_records(pairs),
        postData=_post_data(exchange) if exchange.body else None,
        bodySize=-1 if exchange.body is None else len(exchange.body_bytes),
    )


def _numbered(exchange: Exchange, numbers: dict[int, int]) -> dict[str, str]:
    """Return the headers of a request with the number of its token."""
    headers = request_headers(exchange)
    if exchange.authorization:
        number = numbers.setdefault(exchange.token, len(numbers) + 1)
        scheme, mask, world = exchange.authorization.rpartition(MASK)
        headers["Authorization"] = f"{scheme}{mask}{number}{world}"
    return headers


def _post_data(exchange: Exchange) -> PostData:
    """Return the body; HAR has no field for bytes that are no text, so a comment has them."""
    encoded = base64_of(exchange)
    return PostData(
        mimeType=exchange.media_type,
        text=exchange.body_text,
        comment=f"base64: {encoded}" if encoded else None,
    )


def _response(exchange: Exchange) -> Response:
    headers = dict(exchange.response_headers)
    content = Content(
        size=exchange.response_size,
        mimeType=headers.get("Content-Type", ""),
        text=response_text(exchange),
    )
    return Response(
        status=exchange.status,
        statusText=_phrase(exchange.status),
        httpVersion=_HTTP,
        headers=_records(exchange.response_headers),
        content=content,
        bodySize=exchange.response_size,
    )


def _records(pairs: Iterable[tuple[str, str]]) -> list[Record]:
    return [Record(name=name, value=value) for name, value in pairs]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _comment(exchange: Exchange) -> str:
    causes = [f"fault {fault}" for fault in exchange.faults]
    causes += [f"forced {exchange.forced}"] if exchange.forced else []
    return "; ".join((f"world {exchange.world}", *causes))
