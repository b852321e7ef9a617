"""A recording reverse proxy between an app and a deployment; the laws judge the traffic.

It listens on this machine alone. What passes is kept in memory; only masked text leaves it.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import requests
from urllib3 import HTTPHeaderDict
from urllib3.util import SKIP_HEADER
from werkzeug.datastructures import Headers
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request as Incoming
from werkzeug.wrappers import Response

from contract_tests.client.http.connection import Adapter, Deadline
from contract_tests.client.http.environment import configure
from contract_tests.client.http.failures import BROKEN, words
from contract_tests.client.http.response_limits import LARGE, memory_of
from contract_tests.laws.finding import Finding
from contract_tests.observations.exchange import Exchange, Request, Who
from contract_tests.recordings.request_mistakes import mistakes
from contract_tests.run.options import RunOptions
from contract_tests.run.outcome import Outcome
from contract_tests.run.recorded_traffic import ALL_LAWS, judged
from mockserver.contract.loopback import is_loopback_url
from mockserver.contract.operations import Contract

HOST = "127.0.0.1"
TIMEOUT = 60.0
MOST = 2000
MAX_MEMORY = 150_000_000
"""How many exchanges, and bytes of parsed bodies, are kept and judged; later ones just pass."""
_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
    "te", "trailer", "transfer-encoding", "upgrade", "host", "content-length", "accept-encoding",
}  # fmt: skip
_TRANSFER = _HOP | {"content-encoding"}
_LINES = "contract_tests.header_lines"
"""Where the headers of a request stand in its environment, line by line as they came."""
_SECRET = {"set-cookie"}
_READING = ("GET", "HEAD", "OPTIONS")


@dataclass
class RecordingProxy:
    """Passes requests on to `upstream` and keeps the exchanges; safe to call from threads."""

    upstream: str
    session: requests.Session
    read_only: bool = False
    timeout: float = TIMEOUT
    """Seconds that a response may take, or its beginning when it is large."""
    exchanges: list[Exchange] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    main: str = ""
    not_kept: int = 0
    memory: int = 0
    """Bytes that the kept bodies take, roughly."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, incoming: Incoming) -> Response:
        if not is_loopback_url(f"//{incoming.host}"):
            return _refusal(403, "this proxy answers to its own address only")
        if self.read_only and incoming.method not in _READING:
            return _refusal(403, "this proxy was started with --read-only")
        raw = str(incoming.environ["RAW_URI"])  # its escapes untouched
        if not raw.startswith("/"):
            return _refusal(400, "the target of a request begins with /")
        started, clock = time.time(), time.perf_counter()
        try:
            with Deadline(self.timeout) as deadline:
                answer = self._pass_on(incoming, raw)
                body, rest = _read(answer)
        except BROKEN as error:
            reason = f"no whole answer in {self.timeout:g} s" if deadline.expired else words(error)
            return _refusal(502, f"the upstream did not answer: {reason}")
        times = (started, time.perf_counter() - clock)
        self._keep(incoming, _Answer(answer, b"" if rest else body, unread=bool(rest)), times)
        headers = [(k, v) for k, v in answer.raw.headers.items() if k.lower() not in _TRANSFER]
        content = chain([body], rest) if rest else body
        return Response(content, answer.status_code, Headers(headers))

    def _pass_on(self, incoming: Incoming, target: str) -> requests.Response:
        prepared = self.session.prepare_request(
            requests.Request(incoming.method, self.upstream, data=incoming.get_data() or None)
        )
        prepared.url = f"{self.upstream}{target}"
        headers = HTTPHeaderDict(prepared.headers)
        for name, value in incoming.environ[_LINES]:
            if name.lower() not in _HOP:
                headers.add(name, value)
        headers.setdefault("User-Agent", SKIP_HEADER)
        prepared.headers = headers  # type: ignore[assignment]  # which has one line for each name
        return self.session.send(prepared, allow_redirects=False, stream=True, timeout=self.timeout)

    def _keep(self, incoming: Incoming, answer: "_Answer", times: tuple[float, float]) -> None:
        with self._lock:
            self.memory += memory_of(answer.body)
            if len(self.exchanges) >= MOST or self.memory > MAX_MEMORY:
                self.not_kept += 1
                return
            who = self._who(incoming, answer.response.status_code)
            if who is not None and incoming.method != "OPTIONS":
                number = len(self.exchanges) + 1
                self.exchanges.append(_exchange(number, incoming, who, answer, times))

    def _who(self, incoming: Incoming, status: int) -> Who | None:
        """Return whose a request is; the first accepted token is the main one. None: not kept."""
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


class _Answer(NamedTuple):
    """What the upstream answered; a large body is passed on `unread`."""

    response: requests.Response
    body: bytes
    unread: bool


def session(upstream: str, ca_bundle: Path | None = None) -> requests.Session:
    """Return a session that verifies TLS and adds nothing of its own to a request."""
    found = requests.Session()
    configure(found, upstream, ca_bundle)
    for scheme in ("http://", "https://"):
        found.mount(scheme, Adapter())
    found.headers.clear()
    return found


def _read(answer: requests.Response) -> tuple[bytes, Iterator[bytes] | None]:
    """Return a body, or its beginning and an iterator over the rest of a large one."""
    chunks = answer.iter_content(65_536)
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > LARGE:
            return bytes(body), chunks
    return bytes(body), None


def server(proxy: RecordingProxy, port: int) -> BaseWSGIServer:
    """Return a server on this machine; port 0 takes a free one. Raises OSError."""
    app = Incoming.application(proxy.answer)
    return make_server(HOST, port, app, threaded=True, request_handler=_Quiet)


@dataclass
class TrafficJudge:
    """Judges the traffic so far, and reports each new violation once."""

    proxy: RecordingProxy
    contract: Contract
    report: Callable[[Finding], None]
    run_options: RunOptions = ALL_LAWS
    _reported: set[tuple[str, str]] = field(default_factory=set)
    _judged: int = 0

    def judge_new(self) -> None:
        """Judge if there are new exchanges since the last call."""
        if len(self.proxy.exchanges) == self._judged:
            return
        for finding in self.outcome().findings:
            key = (finding.requirement, finding.law)
            if finding.outcome == "violated" and key not in self._reported:
                self._reported.add(key)
                self.report(finding)

    def outcome(self) -> Outcome:
        exchanges, not_kept = list(self.proxy.exchanges), self.proxy.not_kept
        self._judged = len(exchanges)
        outcome = judged(exchanges, self.contract, self.run_options)
        if not_kept:
            words = f"{not_kept} exchanges after the first {len(exchanges)} were not judged"
            outcome.notes.append(words)
        outcome.notes += mistakes(outcome.history.exchanges, self.contract)
        return outcome


def _exchange(
    number: int, incoming: Incoming, who: Who, answer: _Answer, times: tuple[float, float]
) -> Exchange:
    headers = answer.response.raw.headers.items()
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
        status=answer.response.status_code,
        headers=tuple((k, v) for k, v in headers if k.lower() not in _SECRET),
        body=answer.body,
        started=times[0],
        elapsed=times[1],
        phase="recorded",
        unread=answer.unread,
    )


def _refusal(status: int, message: str) -> Response:
    return Response(json.dumps({"message": message}), status, mimetype="application/json")


class _Quiet(WSGIRequestHandler):
    """Logs nothing: a request line may hold what must not be stored."""

    protocol_version = "HTTP/1.1"

    def make_environ(self) -> dict[str, Any]:
        return {**super().make_environ(), _LINES: self.headers.items()}

    def log(self, *_: object) -> None:
        pass
