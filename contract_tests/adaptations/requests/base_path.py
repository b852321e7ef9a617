"""The base path of the operations, which is /api in the contract."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import Adaptation, Learnt, Node, Proposal, Renamed
from contract_tests.adaptations.requests import header
from contract_tests.adaptations.responses import envelope
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request

DOCUMENTED = "/api"
NONE = "/"
MOST_TRIES = 3
"""So many other paths are tried when nothing is found at the documented one."""
_LOST = (301, 302, 303, 307, 308, 404, 405, 410)
_WELL_KNOWN = ("/api/v1", "/api/v2", NONE)
LIST = LIST_PATH.removeprefix(DOCUMENTED)
_PATH = re.compile(r"(?<![\w.:/])(?:https?://[^/\s\"'<>]+)?((?:/[\w.-]+)+)")
_VERSIONED = re.compile(r"/v\d{1,2}$")
_VERSION = re.compile(r"\bv(?:ersion )?(\d{1,2})\b", re.IGNORECASE)
_PLACES = ("Location", "Link", "Content-Location")
_READ_AT = re.compile(rf"((?:/[\w.-]+)*){LIST}(/[\w-]+)?")
_READ = 10_000
"""Characters of an answer that are searched for paths."""


@dataclass(frozen=True)
class BasePath(Adaptation):
    """`documented` is /api; `actual` is another path, or / for none."""

    kind = "base_path"
    change = "moved"
    rank = 3
    consequence = f"a client that asks for {LIST_PATH} does not reach the API"
    statement = "list.answer"

    @property
    def words(self) -> str:
        return f"the operations stand at {self._own(LIST_PATH)} instead of {LIST_PATH}"

    @property
    def own_names(self) -> tuple[str, ...]:
        return tuple(filter(None, self.actual.split("/")))

    def outgoing(self, request: Request) -> Request:
        path, spelling = self._own(request.path), self._own(request.spelling)
        return replace(request, path=path, spelling=spelling)

    def documented_form(self, request: Request) -> Request:
        prefix = self.actual.rstrip("/")
        if not request.path.startswith(f"{prefix}{LIST}"):
            return request
        return replace(request, path=f"{DOCUMENTED}{request.path.removeprefix(prefix)}")

    def renamed(self, document: Node) -> Renamed:
        return {("paths",): {path: self._own(path) for path in document["paths"]}}

    def accepts(self, exchange: Exchange) -> bool:
        """Return whether the API is there: it lists tickets, or refuses the form of a request."""
        if not exchange.is_json:
            return False
        of_form = exchange.status in (400, 422) or header.detect(exchange) is not None
        return of_form or (exchange.status == 200 and envelope.is_list(exchange.document))

    def explains(self, exchange: Exchange) -> bool:
        return is_lost(exchange)

    def _own(self, path: str) -> str:
        if not path.startswith(f"{DOCUMENTED}/"):
            return path
        return f"{self.actual.rstrip('/')}{path.removeprefix(DOCUMENTED)}"


def is_lost(exchange: Exchange) -> bool:
    """Return whether the response to the list says that there is no such path."""
    return exchange.status in _LOST


def detect(exchange: Exchange, told: str = "") -> list[Proposal]:
    """Return what to try when the list is not found, or when the user has `told` a path.

    First comes that path, alone and before the documented one, then those that the answer names.
    """
    paths = [told, f"{told}{DOCUMENTED}"] if told else []
    paths += _paths(exchange) if is_lost(exchange) else []
    found = [path for path in dict.fromkeys(paths) if path != DOCUMENTED]
    return [(BasePath(DOCUMENTED, path),) for path in found[:MOST_TRIES]]


def recorded(exchanges: Sequence[Exchange]) -> list[Learnt]:
    """Return the path at which tickets are read, if none are read at the documented one."""
    found = Counter(path for e in exchanges if (path := _base_of(e)) is not None)
    if not found or DOCUMENTED in found:
        return []
    lost = (e for e in exchanges if e.request.path == LIST_PATH and is_lost(e))
    return [(BasePath(DOCUMENTED, found.most_common(1)[0][0]), next(lost, None))]


def _base_of(exchange: Exchange) -> str | None:
    """Return the base path at which an exchange read a ticket or a list."""
    match = _READ_AT.fullmatch(exchange.request.path)
    if match is None or exchange.request.method != "GET" or exchange.status != 200:
        return None
    operation = "getTicket" if match[2] else "listTickets"
    return (match[1] or NONE) if envelope.shows(operation, exchange.document) else None


def _paths(exchange: Exchange) -> Iterator[str]:
    """Yield base paths, the likeliest first; a redirect, as to a login page, allows no guess."""
    for place in filter(None, map(exchange.header, _PLACES)):
        yield from _named(place)
    if exchange.client_error:
        said = " ".join(refusal.texts(exchange.document)) if exchange.is_json else ""
        body = "" if exchange.is_json else exchange.body.decode(errors="replace")
        yield from _named(said[:_READ], or_version=True)
        yield from _named(body[:_READ])
        yield from (f"{DOCUMENTED}/v{match[1]}" for match in _VERSION.finditer(said))
        yield from _WELL_KNOWN


def _named(text: str, *, or_version: bool = False) -> Iterator[str]:
    """Yield what stands before /tickets in the paths of a text; also paths that end in /v2."""
    for match in _PATH.finditer(text):
        path = match[1].rstrip(".")
        before, found, _ = path.rpartition(LIST)
        if found:
            yield before or NONE
        elif or_version and _VERSIONED.search(path):
            yield path
