"""Recorded traffic of a deployment with names of its own, converted to the documented names.

No request can be sent to try a name, so a name counts once a response shows its effect. It is a
violation only if the documented form was sent, too, and failed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from contract_tests.adaptations.adaptation import Adaptation
from contract_tests.adaptations.adapter import Adapter, rank
from contract_tests.adaptations.requests import (
    base_path,
    body_field,
    header,
    identifier,
    method,
    recorded_parameters,
)
from contract_tests.observations.exchange import Exchange, Request
from mockserver.contract.operations import Contract


def read(exchanges: Iterable[Exchange], contract: Contract) -> tuple[list[Exchange], Adapter]:
    """Return the exchanges in the documented form, and the adaptations that convert them."""
    sent = list(exchanges)
    adapter = Adapter(contract)
    for detect in (base_path.recorded, header.recorded, method.recorded):
        adapter.take_up(detect([_with_documented_request(adapter, e) for e in sent]))
    found = [_read(adapter, exchange, {}) for exchange in sent]
    names = identifier.names_shown(found)
    more = [
        *body_field.recorded(found),
        *recorded_parameters.recorded(found, contract),
        *identifier.recorded(found, names),
    ]
    adapter.take_up(more)
    if more or any(identifier.by_integer(e, names) is not e for e in found):
        found = [_read(adapter, exchange, names) for exchange in sent]
    return found, adapter


def _with_documented_request(adapter: Adapter, exchange: Exchange) -> Exchange:
    request, used = _documented(adapter, exchange.request)
    return replace(exchange, request=request) if used else exchange


def _documented(adapter: Adapter, request: Request) -> tuple[Request, set[Adaptation]]:
    """Return a request in the documented form, and the adaptations that converted it."""
    used: set[Adaptation] = set()
    for adaptation in sorted(adapter.active, key=rank, reverse=True):
        form = adaptation.documented_form(request)
        if form != request:
            used.add(adaptation)
        request = form
    return request, used


def _read(adapter: Adapter, sent: Exchange, names: Mapping[str, int]) -> Exchange:
    """Return an exchange in the documented form; one that failed because of this is not judged."""
    documented, used = _documented(adapter, sent.request)
    exchange = replace(sent, request=documented, sent=sent.request) if used else sent
    exchange = adapter.incoming(identifier.by_integer(exchange, names))
    unadapted = [a for a in adapter.active if a not in used and a.is_missing(exchange)]
    if not unadapted:
        return exchange
    labels = {a.label for a in unadapted} - {a.label for a in used}
    return replace(
        exchange,
        through=tuple(label for label in exchange.through if label not in labels),
        superseded=any(adaptation.explains(exchange) for adaptation in unadapted),
    )
