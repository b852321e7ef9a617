"""The transport: the only module that sends requests; every layer uses this adapter."""

import http.client
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
from contract_tests.client.http.connection import Adapter, Deadline
from contract_tests.client.http.failures import Unreadable, words
from contract_tests.client.http.response_limits import Body, ResponseLimits
from contract_tests.client.http.retry_after import seconds_to_wait
from contract_tests.client.http.token_check import TokenCheck
from contract_tests.client.interruption import held, waiting
from contract_tests.client.safety import Guard
from contract_tests.client.waits import Waits
from contract_tests.observations.exchange import Exchange, Request, Who

Listener = Callable[[Exchange], None]
MAX_WAITS = 5
MAX_UNANSWERED = 3
"""Requests in a row without an answer, each sent as often as allowed, that end a run."""
UNAVAILABLE = (502, 503, 504)
BROKEN = (requests.exceptions.RequestException, http.client.HTTPException, ValueError)
"""A response that cannot be read; ValueError comes of a malformed head."""


class Unanswered(requests.exceptions.ConnectionError):
    """No answer came, however often the request was sent."""


@dataclass(eq=False)
class Transport(Adapter):
    """Guards, counts, retries and records; `tokens` say whose a request is."""

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

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def now(self) -> RequestContext:
        return self.waits.now

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Send when allowed; raises NotAllowed, Exhausted or Unanswered.

        A broken connection, a 502, 503 or 504 is tried again, a 429 waited out; each attempt
        counts.
        """
        parts = urlsplit(str(request.url))
        self.guard.check(str(request.method), f"{parts.scheme}://{parts.netloc}", parts.path)
        meant = self.now.request or self.read(request)
        if self.now.limits != "none" and self.token_check.is_due(self.journal):
            self._check_token(options)
        response = self._send(request, meant, options)
        self.token_check.learn(meant, request, response.status_code)
        return response

    def _check_token(self, options: dict[str, Any]) -> None:
        """Repeat a request that was accepted; closes the budget when the token is refused."""
        request, refused = self.token_check.accepted, self.last().number
        assert request is not None
        meant = replace(self.read(request), purpose="whether the token is still accepted")
        if self._send(request.copy(), meant, options).status_code == 401:
            self.token_check.refused_from = refused
            raise self.budget.close("the token is not accepted any more (401)")

    def _send(
        self, request: requests.PreparedRequest, meant: Request, options: dict[str, Any]
    ) -> requests.Response:
        """Send, again and again when allowed; raises Exhausted or Unanswered."""
        request = self._adapted(request, meant)
        options = {"verify": options.get("verify", True), "proxies": options.get("proxies")}
        notes: list[str] = []
        waits = 0
        while True:
            response = self._attempt(request, meant, notes, options)
            if response is None and len(notes) > self.retries:
                raise self._unanswered(notes[-1], request)
            if response is None:
                continue
            self.unanswered = 0
            unavailable = response.status_code in UNAVAILABLE
            if waits >= self._tries(response.status_code):
                return response
            waits += 1
            if unavailable:
                self.journal[-1] = replace(self.journal[-1], repeated=True)
            asked = seconds_to_wait(response.headers.get("Retry-After"))
            if asked is None:
                pause = 2.0**waits * (0.1 if unavailable else 1)
                self.waits.asked(pause, f"answers {response.status_code} again and again")
            else:
                self.waits.asked(asked)

    def _adapted(
        self, request: requests.PreparedRequest, meant: Request
    ) -> requests.PreparedRequest:
        """Return a request, which the guard let pass, as the deployment takes it."""
        sent = self.adaptations.outgoing(meant)
        request = request.copy()
        if meant.purpose != WITHOUT:
            request.headers.update(self.headers)
        if sent != meant:
            request.method, request.url = sent.method, f"{self.guard.origin}{sent.target}"
        if sent.body != meant.body:
            request.prepare_body(sent.body, None)
        return request

    def _unanswered(self, words: str, request: requests.PreparedRequest) -> Exception:
        """Return the error of a request that got no answer; after several, the run's end."""
        self.unanswered += 1
        if self.unanswered >= MAX_UNANSWERED and self.now.limits != "none":
            return self.budget.close(f"the deployment does not answer any more: {words}")
        return Unanswered(words, request=request)

    def _tries(self, status: int) -> int:
        """Return how often a request is sent again because of a status."""
        if status == 429:
            return MAX_WAITS
        return self.retries if status in UNAVAILABLE else 0

    def _attempt(
        self,
        request: requests.PreparedRequest,
        meant: Request,
        notes: list[str],
        options: dict[str, Any],
    ) -> requests.Response | None:
        if self.now.limits != "none":
            self.budget.take(planned=self.now.limits == "plan")
        self.waits.for_pace()
        with held(str(request.method)):
            response = self._exchange(request, meant, notes, options)
        if response is not None:
            self.waits.for_limit(response)
        elif len(notes) <= self.retries:
            self.waits.rest(0.05 * 2 ** len(notes))
        return response

    def _exchange(
        self,
        request: requests.PreparedRequest,
        meant: Request,
        notes: list[str],
        options: dict[str, Any],
    ) -> requests.Response | None:
        """Send once and record the response, or in the end that there was none."""
        started, clock = time.time(), time.perf_counter()
        try:
            with self.waits.timer.on("http"), waiting():
                response, body = self._receive(request, options)
        except BROKEN as error:
            notes.append(words(error))
            in_vain = isinstance(error, requests.exceptions.SSLError)
            if in_vain or len(notes) > self.retries or self.budget.seconds_left == 0:
                notes += [notes[-1]] * (self.retries + 1 - len(notes))
                self._record(meant, None, started, time.perf_counter() - clock, notes)
            return None
        seconds = time.perf_counter() - clock
        exchange = self._record(meant, response, started, seconds, notes, body)
        if exchange.rewritten is not None:  # whoever sent the request reads what is documented
            response._content = exchange.rewritten  # noqa: SLF001
        return response

    def _receive(
        self, request: requests.PreparedRequest, options: dict[str, Any]
    ) -> tuple[requests.Response, Body]:
        """Return a response and its body, which were read within the limits."""
        seconds = self._patience()
        with Deadline(seconds) as deadline:
            try:
                response = super().send(request, stream=True, timeout=seconds, **options)
                body = self.limits.read(response)
            except BROKEN:
                if deadline.expired:
                    raise _late(seconds) from None
                raise
        if deadline.expired:
            raise _late(seconds)
        response._content, response._content_consumed = body.content, True  # type: ignore[attr-defined]  # noqa: SLF001
        return response, body

    def _patience(self) -> float:
        """Return how many seconds the next response may take."""
        left = self.waits.seconds_left
        return self.timeout if left is None else max(0.05, min(self.timeout, left))

    def _record(
        self,
        meant: Request,
        response: requests.Response | None,
        started: float,
        elapsed: float,
        notes: list[str],
        body: Body = Body(),  # noqa: B008 - immutable
    ) -> Exchange:
        status = None if response is None else response.status_code
        sent = self.adaptations.outgoing(meant)
        exchange = Exchange(
            number=len(self.journal) + 1,
            request=meant,
            status=status,
            headers=() if response is None else tuple(response.raw.headers.items()),
            body=body.content,
            started=started,
            elapsed=elapsed,
            notes=(*notes, body.cut) if body.cut else tuple(notes),
            phase=self.now.phase,
            cut=body.cut,
            unread=body.unread,
            sent=None if sent == meant else sent,
        )
        exchange = self.adaptations.incoming(exchange)
        self.journal.append(exchange)
        for listener in self.listeners:
            listener(exchange)
        return exchange

    @contextmanager
    def meaning(self, request: Request) -> Iterator[None]:
        """Say what the request that leaves within is in our words."""
        self.now.request = request
        try:
            yield
        finally:
            self.now.request = None

    def read(self, request: requests.PreparedRequest) -> Request:
        """Return a request that another library prepared, in our words."""
        parts = urlsplit(str(request.url))
        body = request.body
        token = str(request.headers.get("Authorization", ""))
        return Request(
            method=str(request.method),
            path=parts.path,
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            who=self.tokens.get(token, "wrong" if token else "none"),
            body=body.encode()
            if isinstance(body, str)
            else body
            if isinstance(body, bytes)
            else None,
            content_type=str(request.headers.get("Content-Type", "")),
            purpose="generated",
        )

    def last(self) -> Exchange:
        return self.journal[-1]

    def open(self, tickets: frozenset[int]) -> None:
        """Let writes to `tickets` pass from now on."""
        self.guard = replace(self.guard, tickets=tickets)

    def open_extension(self, tickets: frozenset[int]) -> None:
        """Let messages, tags and teams of `tickets` pass from now on."""
        self.guard = replace(self.guard, extension=tickets)

    def name(self, name: str, ticket: int) -> None:
        """Let writes to a ticket pass under another name too, if they may pass at all."""
        self.guard = replace(self.guard, names={**self.guard.names, name: ticket})


def _late(seconds: float) -> Unreadable:
    return Unreadable(f"the response took longer than {seconds:.0f} s")
