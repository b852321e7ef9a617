"""Where preferences and faults meet a request, once it is known which operation it asks for."""

import time
from collections.abc import Sequence
from functools import partial
from random import Random

from flask import Request, Response, after_this_request, request

from mockserver.api.authentication import authenticate
from mockserver.api.faults.active import Faults, Plan, identity
from mockserver.api.faults.broken_body import Breakage
from mockserver.api.faults.forced_response import Forced
from mockserver.api.faults.prefer import is_stated, take_preference
from mockserver.api.faults.syntax import BREAKING
from mockserver.api.response import error_body, respond
from mockserver.contract.errors import ApiError, TooManyRequests
from mockserver.contract.operations import Contract, Operation
from mockserver.journal import Exchange, exchange_of
from mockserver.journal.masking import mask_text
from mockserver.store import Store

_OWN = ("/_mock/", "/favicon.ico", "/robots.txt", "/apple-touch-icon", "/.well-known/")
"""The levers' paths, and what browsers ask of any server by themselves."""


class Interference:
    """Forces, delays, refuses or marks to be broken what requests of operations get."""

    def __init__(self, contract: Contract, store: Store, forced: Forced, faults: Faults) -> None:
        self._operations = contract.operations
        self._store = store
        self._forced = forced
        self._faults = faults

    def before(self) -> Response | None:
        """Answer in place of the operation, or let it answer."""
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        exchange = exchange_of(asked.environ)
        endpoint = asked.endpoint
        operation = self._operations.get(endpoint or "")
        if operation is None or asked.method == "OPTIONS":
            exchange.own = endpoint is not None or asked.path.startswith(_OWN)
            return None
        try:
            if is_stated(asked):
                answer = self._prefer(operation, exchange)
                if answer is not None:
                    return answer
            plans = self._faults.plan_for(exchange.world, operation.id)
            return self._befall(operation, exchange, plans) if plans else None
        except ApiError as error:
            return respond(error.status, error_body(error), error.headers)

    def _prefer(self, operation: Operation, exchange: Exchange) -> Response | None:
        preference = take_preference(request)
        exchange.forced = mask_text(str(preference))
        answer = self._forced.answer(operation, request, preference)
        time.sleep(preference.delay)
        if answer is not None and exchange.forced:
            answer.headers["Preference-Applied"] = exchange.forced
        return answer

    def _befall(
        self, operation: Operation, exchange: Exchange, plans: Sequence[Plan]
    ) -> Response | None:
        made = identity(request.method, request.path, request.query_string, request.get_data())
        times = self._faults.times(exchange.world, made)
        drawn = [(plan, plan.draw(made, times)) for plan in plans]
        hits = [(plan, lot) for plan, lot in drawn if lot is not None]
        time.sleep(sum(_latency(plan, lot) for plan, lot in hits))
        for plan, lot in hits:
            self._limit(plan, exchange)
            if plan.fault.kind in BREAKING and exchange.breakage is None:
                exchange.breakage = Breakage(plan.fault, _seconds(plan, lot))
            if plan.fault.kind != "rate":
                plan.hit()
                exchange.faults.append(plan.fault.text)
        return self._refuse(operation, hits)

    def _limit(self, plan: Plan, exchange: Exchange) -> None:
        """Count a request against a limit; raises TooManyRequests, and Unauthenticated."""
        if plan.limit is None:
            return
        try:
            headers = plan.limit.count(authenticate(request, self._store))
        except TooManyRequests:
            plan.hit()
            exchange.faults.append(plan.fault.text)
            raise
        after_this_request(partial(_add_headers, headers))

    def _refuse(self, operation: Operation, hits: Sequence[tuple[Plan, Random]]) -> Response | None:
        for plan, lot in hits:
            if plan.fault.kind == "error":
                return self._forced.refuse(operation, request, lot.choice(plan.fault.statuses))
        return None


def _latency(plan: Plan, lot: Random) -> float:
    return _seconds(plan, lot) if plan.fault.kind == "latency" else 0.0


def _seconds(plan: Plan, lot: Random) -> float:
    return plan.fault.delay.draw(lot) if plan.fault.delay else 0.0


def _add_headers(headers: dict[str, str], response: Response) -> Response:
    response.headers.update(headers)
    return response
