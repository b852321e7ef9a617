"""The transport: the only module that sends requests; every layer uses this adapter."""

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from contract_tests.client.budget import Budget, Pace
from contract_tests.client.http.connection import Adapter, Deadline
from contract_tests.client.http.failures import Unreadable, words
from contract_tests.client.http.response_limits import Body, ResponseLimits
from contract_tests.client.http.retry_after import seconds_to_wait
from contract_tests.client.interruption import held, waiting
from contract_tests.client.safety import Guard
from contract_tests.client.timing import Timer
from contract_tests.observations.exchange import Exchange, Request, Who

Listener = Callable[[Exchange], None]
MAX_WAITS = 5
MAX_UNANSWERED = 3
"""Requests in a row without an answer, each sent as often as allowed, that end a run."""
LONGEST_WAIT = 900.0
"""Seconds that a run without --max-time waits when a deployment asks it to."""
UNAVAILABLE = (502, 503, 504)
BROKEN = (requests.exceptions.RequestException, http.client.HTTPException, ValueError)
"""A response that cannot be read; ValueError comes of a malformed head."""


class Unanswered(requests.exceptions.ConnectionError):
    """No answer came, however often the request was sent."""


@dataclass
class RequestContext:
    """What the next requests are for; set by the caller and copied into every exchange."""

    phase: str = "reading"
    request: Request | None = None
    free: bool = False
    """True while writes are undone: that must not fail for want of budget."""


@dataclass(eq=False)
class Transport(Adapter):
    """Guards, counts, paces, retries and records; `tokens` say whose a request is."""

    guard: Guard
    budget: Budget
    pace: Pace
    tokens: dict[str, Who]
    retries: int = 3
    timeout: float = 30.0
    limits: ResponseLimits = field(default_factory=ResponseLimits)
    sleep: Callable[[float], None] = time.sleep
    now: RequestContext = field(default_factory=RequestContext)
    journal: list[Exchange] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    timer: Timer = field(default_factory=Timer)
    unanswered: int = 0
    """Requests in a row that got no answer."""

    def __post_init__(self) -> None:
        super().__init__()

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Send when allowed; raises NotAllowed, Exhausted or Unanswered.

        A broken connection, a 502, 503 or 504 is tried again, a 429 waited out; each attempt
        counts.
        """
        parts = urlsplit(str(request.url))
        self.guard.check(str(request.method), f"{parts.scheme}://{parts.netloc}", parts.path)
        meant = self.now.request or self.read(request)
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
                self._wait(pause, f"answers {response.status_code} again and again")
            else:
                self._wait(asked)

    def _unanswered(self, words: str, request: requests.PreparedRequest) -> Exception:
        """Return the error of a request that got no answer; after several, the run's end."""
        self.unanswered += 1
        if self.unanswered >= MAX_UNANSWERED and not self.now.free:
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
        if not self.now.free:
            self.budget.take()
        with self.timer.on("waiting"), waiting():
            self.pace.wait()
        with held(str(request.method)):
            response = self._exchange(request, meant, notes, options)
        if response is not None:
            self._heed(response)
        elif len(notes) <= self.retries:
            self._rest(0.05 * 2 ** len(notes))
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
            with self.timer.on("http"), waiting():
                response, body = self._receive(request, options)
        except BROKEN as error:
            notes.append(words(error))
            in_vain = isinstance(error, requests.exceptions.SSLError)
            if in_vain or len(notes) > self.retries or self.budget.seconds_left == 0:
                notes += [notes[-1]] * (self.retries + 1 - len(notes))
                self._record(meant, None, started, time.perf_counter() - clock, notes)
            return None
        self._record(meant, response, started, time.perf_counter() - clock, notes, body)
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
        left = None if self.now.free else self.budget.seconds_left
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
        )
        self.journal.append(exchange)
        for listener in self.listeners:
            listener(exchange)
        return exchange

    def _heed(self, response: requests.Response) -> None:
        """Wait for the limit's reset before the request that would be refused is sent.

        No standard says what the header means: a wait that is too long is not believed.
        """
        reset = response.headers.get("X-RateLimit-Reset", "")
        exhausted = response.headers.get("X-RateLimit-Remaining") == "0"
        if not exhausted or not (reset.isascii() and reset.isdigit()):
            return
        seconds = float(reset) - time.time()
        if seconds < LONGEST_WAIT and response.status_code != 429 and not self.now.free:
            self._wait(seconds)

    def _wait(self, seconds: float, because: str = "") -> None:
        """Wait as long as the deployment asks; raises Exhausted when that is too long."""
        left = None if self.now.free else self.budget.seconds_left
        if seconds >= (LONGEST_WAIT if left is None else left):
            asks = f"asks to wait {_in_seconds(seconds)}, longer than this run may take"
            raise self.budget.close(f"the deployment {because or asks}")
        self._rest(max(0.0, seconds))

    def _rest(self, seconds: float) -> None:
        with self.timer.on("waiting"), waiting():
            self.sleep(seconds)

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

    def name(self, ulid: str, ticket: int) -> None:
        """Let writes to a ticket pass under its ULID too, if they may pass at all."""
        self.guard = replace(self.guard, names={**self.guard.names, ulid: ticket})


def _late(seconds: float) -> Unreadable:
    return Unreadable(f"the response took longer than {seconds:.0f} s")


def _in_seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 1e6 else "more than 1,000,000 s"
