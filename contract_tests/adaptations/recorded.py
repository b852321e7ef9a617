"""Traffic that others sent, read by the documented names as far as it shows the actual ones.

Nothing can be sent again to try a name. So a name is taken up once an answer shows its effect,
and it is a fault of the deployment only where the documented form was sent as well, and failed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from contract_tests.adaptations.adaptation import Learnt
from contract_tests.adaptations.adapter import Adapter, rank
from contract_tests.adaptations.requests import (
    base_path,
    body_field,
    effect,
    method,
    recorded_parameters,
)
from contract_tests.adaptations.requests.identifier import Identifier
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request
from contract_tests.observations.ticket import has_id
from mockserver.contract.operations import Contract

_SINGLE = re.compile(rf"{LIST_PATH}/(\w+)(/status|/assignee)?")
_ULID = re.compile(r"[0-9A-Za-z]{26}")


def read(exchanges: Iterable[Exchange], contract: Contract) -> tuple[list[Exchange], Adapter]:
    """Return exchanges as documented, and the adaptations that they were read with."""
    sent = list(exchanges)
    adapter = Adapter(contract)
    for detect in (base_path.recorded, method.recorded):
        adapter.take_up(detect([_with_documented_request(adapter, e) for e in sent]))
    found = [_read(adapter, exchange, {}) for exchange in sent]
    names = _names(found)
    known = {p.name: str(p.default) for p in contract.operations["listTickets"].query.values()}
    more = [
        *body_field.recorded(found),
        *recorded_parameters.recorded(found, known),
        *_identifier(found, names),
    ]
    adapter.take_up(more)
    if more or any(_ulid_of(exchange.request) in names for exchange in found):
        found = [_read(adapter, exchange, names) for exchange in sent]
    return found, adapter


def _with_documented_request(adapter: Adapter, exchange: Exchange) -> Exchange:
    return replace(exchange, request=_documented(adapter, exchange.request)[0])


def _documented(adapter: Adapter, request: Request) -> tuple[Request, set[str]]:
    """Return a request as documented, and the labels of the adaptations that this took."""
    used = set()
    for adaptation in sorted(adapter.active, key=rank, reverse=True):
        form = adaptation.documented_form(request)
        if form != request:
            used.add(adaptation.label)
        request = form
    return request, used


def _read(adapter: Adapter, sent: Exchange, names: Mapping[str, int]) -> Exchange:
    """Return an exchange as documented; one whose documented form failed is not judged."""
    documented, used = _documented(adapter, sent.request)
    form = None if documented == sent.request else sent.request
    request = _by_integer(documented, names)
    exchange = adapter.incoming(replace(sent, request=request, sent=form))
    unadapted = [
        a for a in adapter.active if a.label not in used and a.outgoing(documented) != documented
    ]
    labels = {a.label for a in unadapted}
    return replace(
        exchange,
        through=tuple(label for label in exchange.through if label not in labels),
        superseded=any(adaptation.explains(exchange) for adaptation in unadapted),
    )


def _names(exchanges: Iterable[Exchange]) -> dict[str, int]:
    """Return the tickets that answers show, by their ULIDs."""
    found = {}
    for exchange in exchanges:
        document = exchange.document if isinstance(exchange.document, dict) else {}
        for row in (*effect.rows_of(exchange), document.get("ticket")):
            if has_id(row) and isinstance(row.get("ulid"), str):
                found[row["ulid"]] = row["id"]
    return found


def _ulid_of(request: Request) -> str:
    match = _SINGLE.fullmatch(request.path)
    return match[1] if match and _ULID.fullmatch(match[1]) else ""


def _by_integer(request: Request, names: Mapping[str, int]) -> Request:
    """Return a request whose path names a ticket by its integer, as the rest of the suite does."""
    ticket = names.get(_ulid_of(request))
    if ticket is None:
        return request
    path = request.path.replace(_ulid_of(request), str(ticket), 1)
    return replace(request, path=path, spelling=request.path)


def _identifier(exchanges: list[Exchange], names: Mapping[str, int]) -> Iterator[Learnt]:
    """Yield that tickets are named by ULIDs alone, where the integer of one was not found."""
    asked = {_ulid_of(e.request) for e in exchanges if e.request.who == "main" and e.status == 200}
    paths = {f"{LIST_PATH}/{names[ulid]}" for ulid in asked & {*names}}
    own = [e for e in exchanges if e.request.who == "main" and e.request.path in paths]
    if own and not any(exchange.status == 200 for exchange in own):
        missing = next((e for e in own if e.status == 404), None)
        yield from [(Identifier(), missing)] if missing else []
