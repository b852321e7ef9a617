"""One run of the fuzzer against a mock in a process of its own, and what it saw."""

import re
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.requests import RequestGenerator
from tests.support.harness import Serving, serving

PATIENCE = 10.0
"""Seconds without an answer or an end of the connection, after which a request hangs."""
_STATUS = re.compile(rb"^HTTP/1\.[01] ([0-9]{3}) ", re.MULTILINE)


@dataclass
class FuzzResult:
    """What became of the requests; memory in megabytes before and after."""

    requests: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    server_errors: list[bytes] = field(default_factory=list)
    hangs: list[bytes] = field(default_factory=list)
    log: str = ""
    memory: tuple[float, float] = (0.0, 0.0)

    @property
    def tracebacks(self) -> int:
        return self.log.count("Traceback (most recent call last)")

    @property
    def sound(self) -> bool:
        return not (self.server_errors or self.hangs or self.tracebacks)


def fuzz(seed: int, number: int, tell: Callable[[int], None] = lambda _: None) -> FuzzResult:
    """Send `number` requests that follow from `seed`; `tell` hears how many have been sent."""
    result = FuzzResult()
    with serving("--clock", "2026-05-01T09:00:00Z", "--tickets", "60") as mock:
        _warm(mock)
        before = _memory(mock)
        for request in RequestGenerator(seed).requests(number):
            _send(mock, request, result)
            tell(result.requests)
        result.memory = (before, _memory(mock))
        mock.process.terminate()
        result.log = mock.process.communicate(timeout=30)[1]
    return result


def _warm(mock: Serving) -> None:
    for path in ("/api/tickets", "/", "/openapi.json", "/_mock/journal", "/files/avatars/1/J.svg"):
        mock.get(path)


def _send(mock: Serving, request: bytes, result: FuzzResult) -> None:
    answer = b""
    try:
        ended = suppress(BrokenPipeError, ConnectionResetError)
        with mock.connect(PATIENCE) as connection, ended:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                answer += piece
    except TimeoutError:
        result.hangs.append(request)
    result.requests += 1
    statuses = [found.decode() for found in _STATUS.findall(answer)]
    result.statuses.update(statuses or ["closed"])
    if any(status.startswith("5") and status != "501" for status in statuses):
        result.server_errors.append(request)


def _memory(mock: Serving) -> float:
    """Return the resident memory of the mock's process."""
    status = Path(f"/proc/{mock.process.pid}/status").read_text()
    kilobytes = re.search(r"VmRSS:\s+([0-9]+)", status)
    assert kilobytes is not None
    return int(kilobytes[1]) / 1000
