"""Drivers that send the mix: wrk, or Python threads when wrk is not installed."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

from benchmarks.dataset.dataset import TOKEN

Driver = Callable[[str, Path, float, int], "Load"]

_SCRIPT = Path(__file__).with_name("wrk.lua")


class DriveError(Exception):
    """The driver failed."""


@dataclass(frozen=True)
class Load:
    """Figures of one measurement; `failed` counts missing answers and statuses from 400."""

    requests: int
    seconds: float
    failed: int
    median_ms: float
    p99_ms: float


def driver() -> tuple[str, Driver]:
    """Return the best installed driver with its name."""
    return ("wrk", wrk) if shutil.which("wrk") else ("Python", python)


def wrk(url: str, lines: Path, seconds: float, connections: int) -> Load:
    """Send with wrk, in one thread; raises DriveError."""
    options = ["--threads", "1", "--connections", str(connections)]
    duration = f"{max(1, round(seconds))}s"  # wrk counts in whole seconds
    command = ["wrk", *options, "--duration", duration, "--timeout", "30s"]
    done = subprocess.run(
        [*command, "--script", _SCRIPT, url, "--", lines],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not found:
        raise DriveError(f"wrk: {(done.stderr or done.stdout).strip()}")
    return Load(**json.loads(found[-1]))


def python(url: str, lines: Path, seconds: float, connections: int) -> Load:
    """Send with threads of this process; slower than most servers, so it limits the rate."""
    started = time.perf_counter()
    requests = [_split(line) for line in lines.read_text().splitlines()]
    with ThreadPoolExecutor(connections) as pool:
        turns = [
            islice(cycle(requests), number * len(requests) // connections, None)
            for number in range(connections)
        ]
        done = list(pool.map(lambda turn: _stretch(url, turn, started + seconds), turns))
    times = [spent for stretch in done for spent in stretch[0]]
    failed = sum(stretch[1] for stretch in done)
    spread = quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    elapsed = time.perf_counter() - started
    return Load(len(times), elapsed, failed, spread[49] * 1000, spread[98] * 1000)


def _split(line: str) -> tuple[str, str, str | None]:
    method, path, *body = line.split(" ", 2)
    return method, path, body[0] if body else None


def _stretch(
    url: str, turn: Iterator[tuple[str, str, str | None]], end: float
) -> tuple[list[float], int]:
    """Send until `end`; return the seconds of each answer, and the number of failures."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    times: list[float] = []
    failed = 0
    while (began := time.perf_counter()) < end:
        failed += not _answered(connection, *next(turn))
        times.append(time.perf_counter() - began)
    connection.close()
    return times, failed


def _answered(connection: HTTPConnection, method: str, path: str, body: str | None) -> bool:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    if body:
        headers["Content-Type"] = "application/json"
    try:
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        reply.read()
    except (OSError, HTTPException):
        connection.close()  # the next request opens it again
        return False
    return reply.status < 400
