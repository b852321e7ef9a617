"""Start and end of a contender's process, and the time until its first answer."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.contenders import Contender, Site, Skipped
from benchmarks.dataset.dataset import TOKEN, Query

_START_TIMEOUT = 1_200.0
"""Seconds a contender may take to start: enough to seed a million tickets."""


@dataclass(frozen=True)
class Running:
    """A server that has answered; `start` is the seconds until its first answer."""

    url: str
    pid: int
    start: float


@contextmanager
def serving(contender: Contender, folder: Path, tickets: int) -> Iterator[Running]:
    """Start a contender in its prepared folder, and end it afterwards; raises Skipped."""
    port = _free_port()
    log = folder / "log.txt"
    with log.open("w") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            contender.command(Site(folder, port, tickets)),
            stdout=output,
            stderr=output,
            cwd=folder,
            env=os.environ | contender.environment,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url + contender.dialect.listing(Query()).path, process, log)
        yield Running(url, process.pid, time.perf_counter() - began)
    finally:
        _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a list is answered with 200."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    seen = "no answer"
    end = time.perf_counter() + _START_TIMEOUT
    while process.poll() is None and time.perf_counter() < end:
        try:
            reply = requests.get(address, headers=headers, timeout=_START_TIMEOUT)
        except requests.ConnectionError:
            time.sleep(0.005)
            continue
        if reply.status_code == 200:
            return
        seen = f"status {reply.status_code}"
    raise Skipped(f"does not start: {seen}{_reason(log.read_text(errors='replace'))}")


def _reason(log: str) -> str:
    """Return the first line of a log that contains an error, or its last line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    named = [line for line in lines if "error:" in line.lower()] or lines[-1:]
    return f"; {named[0]}" if named else ""


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Terminate the process, then kill what remains of its process group."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
