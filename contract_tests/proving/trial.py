"""One trial: starts a mock with a defect, or a healthy variant, and judges it with the suite."""

import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from contract_tests.client import local_mock
from contract_tests.client.budget import Budget
from contract_tests.client.errors import CannotRun
from contract_tests.client.target import ClientOptions, Target, Tokens
from contract_tests.probes.generated.generate import generate
from contract_tests.run.options import RunOptions
from contract_tests.run.outcome import Outcome
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo_journal import UndoJournal
from mockserver.contract.operations import Contract

Kind = Literal["defect", "healthy"]
SCHEMATHESIS = "schemathesis"
"""The profile that stands for schemathesis alone, all checks, with its committed exceptions."""
TIMEOUT = 300.0
"""Seconds for one subject; one that refuses every few requests is judged by what it showed."""
_PACKAGE = Path(__file__).parents[1]
SCHEMATHESIS_CONFIG = _PACKAGE / "probes" / "generated" / "schemathesis.toml"
_GENERATED = re.compile(r"(\d+) generated")


@dataclass(frozen=True, slots=True)
class Subject:
    """A mock to be judged: one with a planted defect, or a healthy variant."""

    name: str
    kind: Kind
    requirement: str = ""
    visible: str = "reading"
    rarity: str = ""
    part: str = "first"
    family: str = ""
    tokens: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def known(self) -> Tokens:
        """The tokens that the subject's world knows."""
        return Tokens(**self.tokens) if self.tokens else local_mock.TOKENS  # type: ignore[arg-type]

    @property
    def others(self) -> frozenset[str]:
        given = {"other": self.known.other, "readonly": self.known.readonly}
        return frozenset(name for name, token in given.items() if token)


@dataclass(frozen=True, slots=True)
class Result:
    """What the suite said of a subject; `accused` are the statements it fails or warns of."""

    subject: Subject
    profile: str
    seed: int
    accused: tuple[str, ...]
    requests: int
    seconds: float
    fault: str = ""

    @property
    def killed(self) -> bool:
        return bool(self.accused)


def examine(subject: Subject, profile: str, seed: int) -> Result:
    """Start a subject and judge it; `fault` says why it could not be judged."""
    started = time.monotonic()
    accused, requests, fault = frozenset[str](), 0, ""
    try:
        accused, requests = _judge(subject, _served(subject, seed), profile, seed)
    except CannotRun as error:
        _server.cache_clear()  # its process may be what failed
        fault = str(error)
    except Exception as error:  # whatever it is, the other subjects have still to be judged
        fault = _crash(error)
    seconds = round(time.monotonic() - started, 2)
    return Result(subject, profile, seed, tuple(sorted(accused)), requests, seconds, fault)


def _crash(error: Exception) -> str:
    """Return the place in the suite that raised an error, and the error, in a line."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = next(f for f in reversed(frames) if Path(f.filename).is_relative_to(_PACKAGE))
    place = f"{Path(ours.filename).relative_to(_PACKAGE.parent)}:{ours.lineno}"
    first, *_ = str(error).splitlines() or [""]
    return f"the suite crashed at {place}: {type(error).__name__}: {first}"


def _served(subject: Subject, seed: int) -> str:
    """Serve a subject and return its URL; another seed is another world of a healthy one."""
    world = [str(1 + seed)] if subject.kind == "healthy" else []
    return _server().serve(subject.name, *world)


@cache
def _server() -> local_mock.DefectServer:
    """Return the server of this process, which imports the mock once for all subjects."""
    return local_mock.DefectServer("mockserver.defects")


def _judge(subject: Subject, url: str, profile: str, seed: int) -> tuple[frozenset[str], int]:
    if profile == SCHEMATHESIS:
        return _schemathesis(url, subject.known.main, seed)
    with tempfile.TemporaryDirectory() as folder:
        outcome = _run(subject, url, run_options_of(subject, profile, seed), Path(folder))
    accused = (f.requirement for f in outcome.findings if f.outcome == "violated")
    return frozenset(accused), len(outcome.exchanges)


def run_options_of(subject: Subject, profile: str, seed: int) -> RunOptions:
    """Return the options of a trial; the extension is checked where it may have a violation."""
    healthy = subject.kind == "healthy"
    extension = healthy or subject.part == "extension"
    writes = healthy or (extension and subject.visible == "writing")
    tickets = (local_mock.MOCK_TICKET,) if writes else ()
    return RunOptions(
        profile,
        seed,
        others=subject.others,
        extension=extension,
        extension_tickets=tickets,
    )


def _run(subject: Subject, url: str, run_options: RunOptions, folder: Path) -> Outcome:
    target = Target(url, subject.known, ClientOptions(Budget(seconds=TIMEOUT)))
    write_session = WriteSession(UndoJournal.of(url, folder), ())
    return Run(target, _contract(), run_options, write_session).carry_out(generate)


@cache
def _contract() -> Contract:
    return Contract.load()


def _schemathesis(url: str, token: str, seed: int) -> tuple[frozenset[str], int]:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(SCHEMATHESIS_CONFIG)]
    options = ["--header", f"Authorization: Bearer {token}", "--seed", str(seed)]
    command += ["run", f"{url}/openapi.json", *options]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a dependency of ours
    sent = _GENERATED.search(ran.stdout)
    if ran.returncode not in (0, 1) or sent is None:
        raise CannotRun(f"schemathesis: {ran.stdout[-400:]}{ran.stderr[-400:]}")
    return frozenset(["schemathesis"] if ran.returncode else []), int(sent[1])
