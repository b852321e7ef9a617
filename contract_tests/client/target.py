"""The deployment under test: its tokens, and how requests are sent to it."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import requests

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import Proposal
from contract_tests.client.budget import Budget, Limits, Pace, RequestContext
from contract_tests.client.http.credentials import CREDENTIALS, WRONG_TOKEN
from contract_tests.client.http.environment import configure
from contract_tests.client.safety import Guard
from contract_tests.client.transport import Transport, Unanswered
from contract_tests.client.waits import Waits
from contract_tests.observations.exchange import Exchange, Request, Who

MAX_ADAPTATIONS = 3
"""How many adaptations one request may need."""


@dataclass(frozen=True)
class Tokens:
    """The credentials a run was given."""

    main: str = field(repr=False)
    other: str | None = field(default=None, repr=False)
    readonly: str | None = field(default=None, repr=False)
    withdrawn: str | None = field(default=None, repr=False)

    def secrets(self) -> list[str]:
        given = (self.main, self.other, self.readonly, self.withdrawn)
        coded = (self.header("basic_user") or "").removeprefix("Basic ")
        return [*(token for token in given if token), coded]

    def header(self, who: Who) -> str | None:
        """Return the Authorization header of `who`; None sends none."""
        credentials = CREDENTIALS[who]
        if credentials.scheme is None:
            return None
        given = credentials.of(self)
        return f"{credentials.scheme}{WRONG_TOKEN if given is None else given}".strip()


@dataclass(frozen=True)
class ClientOptions:
    """How requests are sent; `settle` are the seconds that reads may lag behind writes."""

    budget: Budget = field(default_factory=Budget)
    pace: Pace = field(default_factory=Pace)
    retries: int = 3
    timeout: float = 30.0
    ca_bundle: Path | None = None
    settle: float = 5.0
    sleep: Callable[[float], None] = time.sleep
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with every request; their values are secrets."""
    header_option: str = "--header"
    """The option that the user gives headers with."""


class _Session(requests.Session):
    """Does not follow redirects: a redirect is an answer to be judged."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - inherited
        return None


class Target:
    """Sends requests to one deployment; other libraries use its `session`, too."""

    def __init__(self, base_url: str, tokens: Tokens, options: ClientOptions | None = None) -> None:
        options = options or ClientOptions()
        parts = urlsplit(base_url)
        self.base_url = f"{parts.scheme}://{parts.netloc}"
        self.tokens = tokens
        self.budget = options.budget
        self.settle = options.settle
        self.header_option = options.header_option
        self.transport = Transport(
            guard=Guard(self.base_url),
            budget=options.budget,
            waits=Waits(options.budget, options.pace, RequestContext(), options.sleep),
            tokens=self._owners(),
            retries=options.retries,
            timeout=options.timeout,
            headers=dict(options.headers),
        )
        self.session = self._open_session(options.ca_bundle)

    def secrets(self) -> list[str]:
        """Return the secrets, which no output may show."""
        return [*self.tokens.secrets(), *self.transport.headers.values()]

    @property
    def journal(self) -> list[Exchange]:
        return self.transport.journal

    def ask(self, request: Request) -> Exchange:
        """Send a request and return the exchange; its status is None if no response came.

        A request that is refused, or whose parameters have no effect, is sent again in the form
        that the response suggests. Raises NotAllowed if the guard forbids the request, and
        Exhausted when the budget is spent.
        """
        exchange = self._send(request)
        return self._first_adapted(exchange, depth=1) or exchange

    def _first_adapted(self, refused: Exchange, depth: int) -> Exchange | None:
        """Send a refused request again, by one proposal after the other, until one is accepted."""
        for proposal in list(self.transport.adaptations.proposals(refused)):
            again = self._adapted(refused, proposal, depth)
            if again is not None:
                return again
        return None

    def _adapted(self, refused: Exchange, proposal: Proposal, depth: int) -> Exchange | None:
        """Send a refused request again as proposed; keep the adaptations if it is accepted."""
        adaptations = self.transport.adaptations
        adaptations.adopt(proposal, refused)
        found: Exchange | None = None
        try:
            again = self._send(refused.request)
            accepted = all(adaptation.accepts(again) for adaptation in proposal)
            same = refused.successful or refusal.words(again) == refusal.words(refused)
            if not accepted and same:
                adaptations.reject(proposal)
            elif depth < MAX_ADAPTATIONS:  # what else is refused, or has no effect
                found = self._first_adapted(again, depth + 1)
            if found is None and accepted:
                found = again
            elif found is None:
                self.supersede(again)
        finally:
            if found is None:
                adaptations.drop(proposal)
        if found is not None:
            self.supersede(refused)
        return found

    def supersede(self, exchange: Exchange) -> Exchange:
        """Mark an exchange as not judged: its request was sent again in another form."""
        superseded = replace(exchange, superseded=True)
        self.journal[exchange.number - 1] = superseded
        return superseded

    def _send(self, request: Request) -> Exchange:
        prepared = self.session.prepare_request(
            requests.Request(request.method, self.base_url, data=request.body)
        )
        prepared.url = f"{self.base_url}{request.target}"
        prepared.headers.update(self._headers(request))
        # an exchange without a status tells of a request without an answer
        with self.transport.meaning(request), suppress(Unanswered):
            self.session.send(prepared, allow_redirects=False)
        return self.journal[-1]

    @contextmanager
    def phase(self, name: str, *, limits: Limits = "plan") -> Iterator[None]:
        """Set the phase of the exchanges within this block, and the limits that count them."""
        context = self.transport.context
        before = context.phase, context.limits
        context.phase, context.limits = name, limits
        try:
            yield
        finally:
            context.phase, context.limits = before

    def _headers(self, request: Request) -> Mapping[str, str]:
        headers = {"Accept": "application/json", "User-Agent": "contract-tests"}
        authorization = self.tokens.header(request.who)
        if authorization:
            headers["Authorization"] = authorization
        if request.who == "cookie":
            headers["Cookie"] = self.cookies()
        if request.body is not None:
            headers["Content-Type"] = request.content_type
        return headers

    def cookies(self) -> str:
        """Return the cookies that the deployment has set, as a client would send them back."""
        found = (
            value.partition(";")[0].strip()
            for exchange in self.journal
            for name, value in exchange.headers
            if name.lower() == "set-cookie"
        )
        return "; ".join({pair.partition("=")[0]: pair for pair in found}.values())

    def _owners(self) -> dict[str, Who]:
        everyone: tuple[Who, ...] = ("readonly", "other", "main")
        given = {"main": True, "other": self.tokens.other, "readonly": self.tokens.readonly}
        return {str(self.tokens.header(who)): who for who in everyone if given[who]}

    def _open_session(self, ca_bundle: Path | None) -> requests.Session:
        session = _Session()
        configure(session, self.base_url, ca_bundle)
        session.adapters.clear()
        session.mount("http://", self.transport)
        session.mount("https://", self.transport)
        return session
