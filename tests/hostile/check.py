"""Runs contract-tests against one way in a process of its own, and measures it."""

import base64
import multiprocessing
import os
import re
import resource
import runpy
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from tests.hostile.connections import authority
from tests.hostile.server import TOKEN, HostileServer, Way

LONGEST = 40.0
"""Seconds after which a run that does not end is killed."""
MAX_MEMORY = 300.0
"""MB."""
_ADDRESS_SPACE = 6 * 2**30
_SECRET = TOKEN.partition("|")[2]
_SPELLINGS = (TOKEN, _SECRET, base64.b64encode(TOKEN.encode()).decode())
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Ended:
    """What a run did; `code` is None when it had to be killed."""

    code: int | None
    out: str
    err: str
    megabytes: float
    seconds: float
    requests: int

    @property
    def message(self) -> str:
        """The line that matters to a user."""
        lines = (self.err if self.code not in (0, 1) else self.out).strip().splitlines()
        return lines[-1] if lines else ""

    def faults(self, way: Way) -> list[str]:
        """Return what is not as the way expects it."""
        text, everything = self.err if way.exit == 2 else self.out, self.out + self.err
        lines = [line for line in self.err.splitlines() if line.strip()]
        checks = {
            f"exit {self.code} instead of {way.exit}": self.code == way.exit,
            f"{way.message!r} not in {text[-300:]!r}": re.search(way.message, text),
            "a traceback": "Traceback" not in everything,
            "the token in the output": not any(s in everything for s in _SPELLINGS),
            "a control character in the output": not _CONTROL.search(everything),
            f"{len(lines)} lines of errors": way.exit != 2 or len(lines) == 1,
            f"{self.requests} requests": way.exit != 2 or self.requests <= way.after + 6,
            f"{self.megabytes:.0f} MB": self.megabytes < MAX_MEMORY,
        }
        return [fault for fault, fine in checks.items() if not fine]


def check(way: Way) -> Ended:
    """Run contract-tests against a server that misbehaves in one way."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.hostile.preloaded"])
    with tempfile.TemporaryDirectory() as name, HostileServer(way) as server:
        folder = Path(name)
        authority().cert_pem.write_to_path(str(folder / "ca.pem"))
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(
            target=_run, args=(_arguments(way, server, folder), folder, theirs)
        )
        process.start()
        theirs.close()
        code, megabytes, seconds = ours.recv() if ours.poll(LONGEST) else (None, 0.0, LONGEST)
        process.join(5)
        process.kill()
        process.join()
        out, err = ((folder / f).read_text("utf-8", "backslashreplace") for f in ("out", "err"))
        return Ended(code, out, err, megabytes, seconds, len(server.received))


def _arguments(way: Way, server: HostileServer, folder: Path) -> list[str]:
    given = ["--base-url", server.url, "--token", TOKEN, "--profile", "quick", "--rate", "off"]
    given += ["--retries", "2", "--max-time", str(way.max_time)]
    return given + [option.format(ca=folder / "ca.pem") for option in way.options]


def _run(arguments: list[str], folder: Path, result: Connection) -> None:
    """Be contract-tests, in a forked process: its output goes to files."""
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), number)
    kept = {k: v for k, v in os.environ.items() if not k.upper().endswith(("_PROXY", "_BUNDLE"))}
    os.environ.clear()
    os.environ.update(kept | {"XDG_STATE_HOME": str(folder), "HOME": str(folder)})
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    sys.argv = ["contract-tests", *arguments]
    started, code = time.monotonic(), 0
    try:
        runpy.run_module("contract_tests", run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # as the interpreter ends
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    result.send((code, peak, seconds))
