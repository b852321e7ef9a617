"""The transport: the only module that sends requests; every layer uses this adapter."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter

from contract_tests.client.budget import Budget, Exhausted, Pace
from contract_tests.client.safety import Guard
from contract_tests.client.timing import Timer
from contract_tests.observations.exchange import Exchange, Request, Who

Listener = Callable[[Exchange], None]
MAX_WAITS = 5
LONGEST_WAIT = 120.0
_BROKEN = (
    requests.exceptions.ConnectionError,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    requests.exceptions.Timeout,
)


class Unanswered(requests.exceptions.ConnectionError):
    """No answer came, however often the request was sent."""


@dataclass
class Circumstance:
    """What the next requests are for; set by the caller and copied into every exchange."""

    phase: str = "reading"
    request: Request | None = None
    free: bool = False
    """True while writes are undone: that must not fail for want of budget."""


@dataclass(eq=False)
class Transport(HTTPAdapter):
    """Guards, counts, paces, retries and records; `tokens` say whose a request is."""

    guard: Guard
    budget: Budget
    pace: Pace
    tokens: dict[str, Who]
    retries: int = 3
    timeout: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    now: Circumstance = field(default_factory=Circumstance)
    journal: list[Exchange] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    timer: Timer = field(default_factory=Timer)

    def __post_init__(self) -> None:
        super().__init__()

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Send when allowed; raises NotAllowed, Exhausted or Unanswered.

        A broken connection is tried again, a 429 waited out; each attempt counts.
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
                raise Unanswered(notes[-1], request=request)
            if response is None:
                continue
            if response.status_code != 429 or waits == MAX_WAITS:
                return response
            waits += 1
            self._wait(_retry_after(response, waits))

    def _attempt(
        self,
        request: requests.PreparedRequest,
        meant: Request,
        notes: list[str],
        options: dict[str, Any],
    ) -> requests.Response | None:
        if not self.now.free:
            self.budget.take()
        with self.timer.on("waiting"):
            self.pace.wait()
        started, clock = time.time(), time.perf_counter()
        try:
            with self.timer.on("http"):
                response = super().send(request, stream=True, timeout=self.timeout, **options)
                body = response.content
        except _BROKEN as error:
            notes.append(_cause(error))
            if len(notes) > self.retries:
                self._record(meant, None, started, time.perf_counter() - clock, notes)
            else:
                self._rest(0.05 * 2 ** len(notes))
            return None
        exchange = self._record(meant, response, started, time.perf_counter() - clock, notes)
        assert exchange.body is body
        self._heed(response)
        return response

    def _record(
        self,
        meant: Request,
        response: requests.Response | None,
        started: float,
        elapsed: float,
        notes: list[str],
    ) -> Exchange:
        exchange = Exchange(
            number=len(self.journal) + 1,
            request=meant,
            status=None if response is None else response.status_code,
            headers=() if response is None else tuple(response.headers.items()),
            body=b"" if response is None else response.content,
            started=started,
            elapsed=elapsed,
            notes=tuple(notes),
            phase=self.now.phase,
        )
        self.journal.append(exchange)
        for listener in self.listeners:
            listener(exchange)
        return exchange

    def _heed(self, response: requests.Response) -> None:
        """Wait for the limit's reset before the request that would be refused is sent."""
        reset = response.headers.get("X-RateLimit-Reset", "")
        if response.headers.get("X-RateLimit-Remaining") != "0" or not reset.isdigit():
            return
        if response.status_code != 429:
            self._wait(min(float(reset) - time.time(), LONGEST_WAIT))

    def _wait(self, seconds: float) -> None:
        left = self.budget.seconds_left
        if left is not None and seconds >= left and not self.now.free:
            raise Exhausted(
                f"the deployment asks to wait {seconds:.0f} seconds, longer than is left"
            )
        self._rest(max(0.0, seconds))

    def _rest(self, seconds: float) -> None:
        with self.timer.on("waiting"):
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


def _retry_after(response: requests.Response, waits: int) -> float:
    """Return the seconds to wait: as many as it says, else 2, 4, 8 and so on, a minute in all."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return min(float(value), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return 2.0**waits
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), LONGEST_WAIT)


def _cause(error: Exception) -> str:
    """Return why a connection broke, without the addresses that would change from run to run."""
    inner = error.args[0] if error.args else error
    reason = getattr(inner, "reason", inner)
    return f"{type(error).__name__}: {str(reason).rpartition(': ')[2]}"
