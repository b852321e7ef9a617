"""Preferences and faults of a request, once it is known which operation it is for."""

from collections.abc import Sequence
from functools import partial
from random import Random

from flask import Request, Response, after_this_request

from mockserver.api.faults.active import ActiveFault, Faults, Hit, identity
from mockserver.api.faults.delivery import Delivery
from mockserver.api.faults.forced_response import Forced
from mockserver.api.faults.prefer import is_stated, take_preference
from mockserver.api.faults.syntax import BREAKING
from mockserver.api.response import respond_error
from mockserver.contract.errors import ApiError, TooManyRequests, Unauthenticated
from mockserver.contract.operation import Operation
from mockserver.journal import Exchange, exchange_of
from mockserver.journal.masking import mask_text
from mockserver.store import Caller, Store


class FaultInjector:
    """Answers in place of an operation, or decides how its response will be sent."""

    def __init__(self, forced: Forced, faults: Faults, store: Store) -> None:
        self._forced = forced
        self._faults = faults
        self._store = store

    def prefer(self, request: Request, operation: Operation) -> Response | None:
        """Return the response that the request itself asks for; None if there is none."""
        if not is_stated(request):
            return None
        exchange = exchange_of(request.environ)
        try:
            preference = take_preference(request)
            answer = self._forced.answer(operation, request, preference)
        except ApiError as error:
            exchange.reason = mask_text(error.message).rstrip(".")
            return respond_error(error)
        exchange.forced = mask_text(str(preference))
        if preference.delay:
            exchange.delivery = Delivery(preference.delay)
        if answer is not None and exchange.forced:
            answer.headers["Preference-Applied"] = exchange.forced
        return answer

    def apply(
        self, request: Request, operation: Operation, caller: Caller | None
    ) -> Response | None:
        """Apply the faults that are active here; return a response in place of the operation's."""
        exchange = exchange_of(request.environ)
        faults = self._faults.affecting(exchange.world, operation.id, request.path, caller)
        hits = self._draw(request, exchange, faults) if faults else ()
        if not hits:
            return None
        try:
            return self._apply(request, operation, caller, hits)
        except ApiError as error:
            return respond_error(error)

    def _draw(
        self, request: Request, exchange: Exchange, faults: Sequence[ActiveFault]
    ) -> Sequence[Hit]:
        made = identity(request.method, request.path, request.query_string, request.get_data())
        times = self._faults.times(exchange.world, made)
        drawn = [active.draw(exchange.world, made, times) for active in faults]
        return [hit for hit in drawn if hit is not None]

    def _apply(
        self, request: Request, operation: Operation, caller: Caller | None, hits: Sequence[Hit]
    ) -> Response | None:
        exchange = exchange_of(request.environ)
        exchange.delivery = delivery = exchange.delivery or Delivery()
        delivery.delay += sum(_latency(hit) for hit in hits)
        for active, random, _ in hits:
            self._limit(active, caller, exchange)
            if active.fault.kind in BREAKING and delivery.fault is None:
                delivery.fault, delivery.seconds = active.fault, _seconds(active, random)
            if active.fault.kind != "rate":
                active.hit()
                exchange.faults.append(active.fault.text)
        return self._refuse(request, operation, hits)

    def _refuse(
        self, request: Request, operation: Operation, hits: Sequence[Hit]
    ) -> Response | None:
        for hit in hits:
            if (status := hit.status) is not None:
                wait = hit.active.fault.retry_after
                return self._forced.error_response(operation, request, status, wait)
        return None

    def _limit(self, active: ActiveFault, caller: Caller | None, exchange: Exchange) -> None:
        """Count a request against a limit; raises TooManyRequests, and Unauthenticated."""
        if active.limit is None:
            return
        if caller is None:
            raise Unauthenticated
        try:
            headers = active.limit.count(caller, self._store.now(caller.world))
        except TooManyRequests:
            active.hit()
            exchange.faults.append(active.fault.text)
            raise
        after_this_request(partial(_add_headers, headers))


def _latency(hit: Hit) -> float:
    return _seconds(hit.active, hit.random) if hit.active.fault.kind == "latency" else 0.0


def _seconds(active: ActiveFault, random: Random) -> float:
    return active.fault.delay.draw(random) if active.fault.delay else 0.0


def _add_headers(headers: dict[str, str], response: Response) -> Response:
    response.headers.update(headers)
    return response
