"""A recording reverse proxy between an app and a deployment; the laws judge the traffic.

It listens on this machine alone. What passes is kept in memory; only masked text leaves it.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from werkzeug.datastructures import Headers
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request as Incoming
from werkzeug.wrappers import Response

from contract_tests.client.target import LOOPBACK
from contract_tests.laws.finding import Finding
from contract_tests.observations.exchange import Exchange, Request, Who
from contract_tests.recordings.judge import Wish, judged
from contract_tests.run.run import Outcome
from mockserver.contract.operations import Contract

HOST = "127.0.0.1"
TIMEOUT = 60.0
MOST = 2000
"""How many exchanges are kept and judged; what comes later passes, unwatched."""
_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
    "te", "trailer", "transfer-encoding", "upgrade", "host", "content-length", "accept-encoding",
}  # fmt: skip
_TRANSFER = _HOP | {"content-encoding"}
_SECRET = {"set-cookie"}
_READING = ("GET", "HEAD", "OPTIONS")


@dataclass
class Watch:
    """Passes requests on to `upstream` and keeps the exchanges; safe to call from threads."""

    upstream: str
    session: requests.Session
    read_only: bool = False
    exchanges: list[Exchange] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    main: str = ""
    unwatched: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(
        self, environ: Mapping[str, object], start: Callable[..., object]
    ) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        incoming = Incoming(dict(environ))
        return self._answer(incoming)(dict(environ), start)  # type: ignore[arg-type]

    def _answer(self, incoming: Incoming) -> Response:
        if urlsplit(f"//{incoming.host}").hostname not in LOOPBACK:
            return _refusal(403, "this proxy answers to its own address only")
        if self.read_only and incoming.method not in _READING:
            return _refusal(403, "this proxy was started with --read-only")
        started, clock = time.time(), time.perf_counter()
        try:
            answer = self._pass_on(incoming)
        except requests.RequestException as error:
            return _refusal(502, f"the upstream did not answer: {type(error).__name__}")
        self._keep(incoming, answer, started, time.perf_counter() - clock)
        headers = Headers([(k, v) for k, v in answer.headers.items() if k.lower() not in _TRANSFER])
        return Response(answer.content, answer.status_code, headers)

    def _pass_on(self, incoming: Incoming) -> requests.Response:
        query = incoming.query_string.decode("latin-1")
        prepared = self.session.prepare_request(
            requests.Request(incoming.method, self.upstream, data=incoming.get_data() or None)
        )
        prepared.url = f"{self.upstream}{_raw_path(incoming)}{'?' if query else ''}{query}"
        for name, value in incoming.headers.items():
            if name.lower() not in _HOP:
                prepared.headers[name] = value
        return self.session.send(prepared, allow_redirects=False, timeout=TIMEOUT)

    def _keep(
        self, incoming: Incoming, answer: requests.Response, started: float, elapsed: float
    ) -> None:
        with self._lock:
            if len(self.exchanges) >= MOST:
                self.unwatched += 1
                return
            who = self._who(incoming, answer.status_code)
            if who is not None and incoming.method != "OPTIONS":
                number = len(self.exchanges) + 1
                self.exchanges.append(_exchange(number, incoming, who, answer, (started, elapsed)))

    def _who(self, incoming: Incoming, status: int) -> Who | None:
        """Return whose a request is: the first token let in is the main one; None: left out."""
        header = incoming.headers.get("Authorization", "")
        token = header.rpartition(" ")[2]
        if not token:
            return None if incoming.headers.get("Cookie") else "none"
        if token not in self.secrets:
            self.secrets.append(token)
        if status == 401:
            return "wrong"
        self.main = self.main or token
        return "main" if token == self.main else None


def session(*, verify: str | bool) -> requests.Session:
    """Return a session that verifies TLS and adds nothing of its own to a request."""
    found = requests.Session()
    found.trust_env = False
    found.verify = verify
    found.headers.clear()
    return found


def server(watch: Watch, port: int) -> BaseWSGIServer:
    """Return a server on this machine; port 0 takes a free one. Raises OSError."""
    return make_server(HOST, port, watch, threaded=True, request_handler=_Quiet)


@dataclass
class Bench:
    """Judges what has passed so far, and tells each new violation once."""

    watch: Watch
    contract: Contract
    tell: Callable[[Finding], None]
    _told: set[tuple[str, str]] = field(default_factory=set)
    _judged: int = 0

    def look(self) -> None:
        """Judge when something has passed since the last look."""
        if len(self.watch.exchanges) == self._judged:
            return
        for finding in self.outcome().findings:
            key = (finding.requirement, finding.law)
            if finding.outcome == "violated" and key not in self._told:
                self._told.add(key)
                self.tell(finding)

    def outcome(self) -> Outcome:
        history = list(self.watch.exchanges)
        self._judged = len(history)
        unwatched = self.watch.unwatched
        notes = (f"{unwatched} exchanges passed after the first {MOST}, unwatched",)
        return judged(history, self.contract, Wish(notes=notes if unwatched else ()))


def _exchange(
    number: int,
    incoming: Incoming,
    who: Who,
    answer: requests.Response,
    times: tuple[float, float],
) -> Exchange:
    headers = ((k, v) for k, v in answer.headers.items() if k.lower() not in _SECRET)
    return Exchange(
        number=number,
        request=Request(
            method=incoming.method,
            path=incoming.path,
            query=tuple(incoming.args.items(multi=True)),
            who=who,
            body=incoming.get_data() or None,
            content_type=incoming.mimetype or "application/json",
            purpose="passed through",
        ),
        status=answer.status_code,
        headers=tuple(headers),
        body=answer.content,
        started=times[0],
        elapsed=times[1],
        phase="recorded",
    )


def _raw_path(incoming: Incoming) -> str:
    """Return the path as it was sent, its escapes untouched."""
    raw = str(incoming.environ.get("RAW_URI") or incoming.environ.get("REQUEST_URI") or "")
    return raw.partition("?")[0] or incoming.path


def _refusal(status: int, message: str) -> Response:
    return Response(f'{{"message": "{message}"}}', status, mimetype="application/json")


class _Quiet(WSGIRequestHandler):
    """Logs nothing: a request line may hold what must not be stored."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        pass
