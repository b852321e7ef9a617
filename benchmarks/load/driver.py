"""Sends the mix of requests with wrk."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = Path(__file__).with_name("wrk.lua")


class DriveError(Exception):
    """The requests could not be sent."""


@dataclass(frozen=True)
class Load:
    """Figures of one measurement; `failed` counts missing answers and statuses from 400."""

    requests: int
    seconds: float
    failed: int
    median_ms: float
    p99_ms: float


def drive(url: str, lines: Path, seconds: int, connections: int) -> Load:
    """Send the requests of a file in one thread; raises DriveError."""
    options = ["--threads", "1", "--connections", str(connections), "--timeout", "30s"]
    command = ["wrk", *options, "--duration", f"{seconds}s", "--script", str(_SCRIPT), url, "--"]
    try:
        done = subprocess.run([*command, str(lines)], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise DriveError("wrk is not installed") from None
    found = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not found:
        raise DriveError(f"wrk: {(done.stderr or done.stdout).strip()}")
    return Load(**json.loads(found[-1]))
