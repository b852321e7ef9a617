"""The transport: the only module that sends requests, as an adapter of requests.Session."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from contract_tests.adaptations.adapter import Adapter as Adaptations
from contract_tests.adaptations.requests.header import WITHOUT
from contract_tests.client.budget import Budget, RequestContext
from contract_tests.client.http.connection import Adapter
from contract_tests.client.http.failures import BROKEN, words
from contract_tests.client.http.response_limits import Body, ResponseLimits
from contract_tests.client.http.retry_after import seconds_to_wait
from contract_tests.client.http.sending import Sending
from contract_tests.client.http.token_check import TokenCheck
from contract_tests.client.safety import Guard
from contract_tests.client.signals import interruptible
from contract_tests.client.waits import Waits
from contract_tests.observations.exchange import UNAVAILABLE, Exchange, Request, Who

Listener = Callable[[Exchange], None]
MAX_UNANSWERED = 3
"""Requests in a row without a response, retries included, after which a run ends."""
OUTAGES = 10.0
"""Seconds that a run waits besides for a deployment that is being restarted, in all."""


class Unanswered(requests.exceptions.ConnectionError):
    """No answer came, however often the request was sent."""


@dataclass(eq=False)
class Transport(Adapter):
    """Checks, counts, sends, repeats and records requests.

    `tokens` maps Authorization headers to their owners.
    """

    guard: Guard
    budget: Budget
    waits: Waits
    tokens: dict[str, Who]
    retries: int = 3
    timeout: float = 30.0
    limits: ResponseLimits = field(default_factory=ResponseLimits)
    journal: list[Exchange] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    token_check: TokenCheck = field(default_factory=TokenCheck)
    adaptations: Adaptations = field(default_factory=Adaptations)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """Sent with every request (--header)."""
    unanswered: int = 0
    """Requests in a row that got no answer."""
    outages: float = OUTAGES
    """Seconds that are left to wait for restarts."""

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def context(self) -> RequestContext:
        return self.waits.context

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Send when allowed; raises NotAllowed, Exhausted or Unanswered.

        After a broken connection, a 502, 503 or 504 an idempotent request is tried again, and
        every one after a 429; each attempt counts.
        """
        parts = urlsplit(str(request.url))
        self.guard.check(str(request.method), f"{parts.scheme}://{parts.netloc}", parts.path)
        meant = self.context.request or self.read(request)
        if self.context.limits != "none" and self.token_check.is_due(self.journal):
            self._check_token(options)
        response = self._send(request, meant, options)
        self.token_check.learn(meant, request, response.status_code)
        return response

    def _check_token(self, options: dict[str, Any]) -> None:
        """Repeat a request that was accepted; closes the budget when the token is refused."""
        request, refused = self.token_check.accepted, self.journal[-1].number
        assert request is not None
        meant = replace(self.read(request), purpose="whether the token is still accepted")
        if self._send(request.copy(), meant, options).status_code == 401:
            self.token_check.refused_from = refused
            raise self.budget.close("the token is not accepted any more (401)")

    def _send(
        self, request: requests.PreparedRequest, meant: Request, options: dict[str, Any]
    ) -> requests.Response:
        """Send, and repeat when allowed; raises Exhausted or Unanswered."""
        request = self._adapted(request, meant)
        options = {"verify": options.get("verify", True), "proxies": options.get("proxies")}
        sending = Sending(request, meant, options, self.retries)
        repeated = 0
        while True:
            response = self._attempt(sending)
            if response is None and sending.is_over:
                raise self._unanswered(sending)
            if response is None:
                continue
            self.unanswered = 0
            repeated += 1
            allowed = sending.repetitions(response.status_code)
            if repeated > allowed and not self._may_be_restarted(response, allowed, repeated):
                return response
            self._wait_to_repeat(response, repeated)

    def _may_be_restarted(self, response: requests.Response, allowed: int, repeated: int) -> bool:
        """Return whether to wait longer than usual: gateways answer for what is being restarted."""
        pause = _pause(response.status_code, repeated)
        if not allowed or response.status_code not in UNAVAILABLE or pause > self.outages:
            return False
        self.outages -= pause
        return True

    def _wait_to_repeat(self, response: requests.Response, repeated: int) -> None:
        """Wait as long as a refusal asks, or twice as long each time."""
        if response.status_code in UNAVAILABLE:
            self.journal[-1] = replace(self.journal[-1], repeated=True)
        asked = seconds_to_wait(response.headers.get("Retry-After"))
        if asked is None:
            pause = _pause(response.status_code, repeated)
            self.waits.asked(pause, f"answers {response.status_code} again and again")
        else:
            self.waits.asked(asked)

    def _adapted(
        self, request: requests.PreparedRequest, meant: Request
    ) -> requests.PreparedRequest:
        """Return a documented request in the form that the deployment accepts."""
        sent = self.adaptations.outgoing(meant)
        request = request.copy()
        if meant.purpose != WITHOUT:
            request.headers.update(self.headers)
        if sent != meant:
            request.method, request.url = sent.method, f"{self.guard.origin}{sent.target}"
        if sent.body != meant.body:
            request.prepare_body(sent.body, None)
        return request

    def _unanswered(self, sending: Sending) -> Exception:
        """Return the error of an unanswered request; after several in a row, the end of the run."""
        self.unanswered += 1
        reason = sending.notes[-1]
        if self.unanswered >= MAX_UNANSWERED and self.context.limits != "none":
            return self.budget.close(f"the deployment does not answer any more: {reason}")
        return Unanswered(reason, request=sending.request)

    def _attempt(self, sending: Sending) -> requests.Response | None:
        """Send once, within the limits of the run; None if no response came."""
        if self.context.limits != "none":
            self.budget.take(planned=self.context.limits == "plan")
        self.waits.for_pace()
        response = self._receive(sending)
        if response is not None:
            self.waits.for_limit(response)
        elif not sending.is_over:
            self.waits.rest(0.05 * 2 ** len(sending.notes))
        return response

    def _receive(self, sending: Sending) -> requests.Response | None:
        """Send once and record the response, or after the last try that there was none."""
        started, clock = time.time(), time.perf_counter()
        try:
            with interruptible(str(sending.request.method)):
                response, body = self.receive(
                    sending.request, self.limits, self._timeout(), **sending.options
                )
        except BROKEN as error:
            sending.notes.append(words(error))
            if isinstance(error, requests.exceptions.SSLError) or self.budget.seconds_left == 0:
                sending.give_up()
            if sending.is_over:
                self._record(sending, started, time.perf_counter() - clock)
            return None
        seconds = time.perf_counter() - clock
        exchange = self._record(sending, started, seconds, response, body)
        if exchange.rewritten is not None:  # whoever sent the request reads what is documented
            response._content = exchange.rewritten  # noqa: SLF001
        return response

    def _timeout(self) -> float:
        """Return how many seconds the next response may take."""
        left = self.waits.seconds_left
        return self.timeout if left is None else max(0.05, min(self.timeout, left))

    def _record(
        self,
        sending: Sending,
        started: float,
        elapsed: float,
        response: requests.Response | None = None,
        body: Body = Body(),  # noqa: B008 - immutable
    ) -> Exchange:
        sent = self.adaptations.outgoing(sending.meant)
        exchange = Exchange(
            number=len(self.journal) + 1,
            request=sending.meant,
            status=None if response is None else response.status_code,
            headers=() if response is None else tuple(response.raw.headers.items()),
            body=body.content,
            started=started,
            elapsed=elapsed,
            notes=(*sending.notes, *filter(None, [body.cut])),
            phase=self.context.phase,
            cut=body.cut,
            unread=body.unread,
            sent=None if sent == sending.meant else sent,
        )
        exchange = self.adaptations.incoming(exchange)
        self.journal.append(exchange)
        for listener in self.listeners:
            listener(exchange)
        return exchange

    @contextmanager
    def meaning(self, request: Request) -> Iterator[None]:
        """Give the documented form of the request that is sent within this block."""
        self.context.request = request
        try:
            yield
        finally:
            self.context.request = None

    def read(self, request: requests.PreparedRequest) -> Request:
        """Return the documented form of a request that another library prepared."""
        parts = urlsplit(str(request.url))
        body = request.body.encode() if isinstance(request.body, str) else request.body
        token = str(request.headers.get("Authorization", ""))
        return Request(
            method=str(request.method),
            path=parts.path,
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            who=self.tokens.get(token, "wrong" if token else "none"),
            body=body,
            content_type=str(request.headers.get("Content-Type", "")),
            purpose="generated",
        )


def _pause(status: int, repeated: int) -> float:
    """Return how many seconds to wait before a request is sent again: each time twice as long."""
    return 2.0**repeated * (0.1 if status in UNAVAILABLE else 1)
