"""Who tests the tests: the suite against every planted defect, and against healthy oddities."""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from contract_tests import local, options
from contract_tests.budget import Budget
from contract_tests.desk import Desk
from contract_tests.generated import generate
from contract_tests.masking import Mask
from contract_tests.record import Setting, record
from contract_tests.run import CannotRun, Order, Run
from contract_tests.target import Manner, Target, Tokens
from contract_tests.undo import UndoJournal
from mockserver.spec import Contract

Kind = Literal["defect", "healthy"]
PLAIN = "schemathesis"
"""The profile that stands for schemathesis alone, all checks, with its committed exceptions."""
_CONFIG = Path(__file__).with_name("schemathesis.toml")
_GENERATED = re.compile(r"(\d+) generated")


@dataclass(frozen=True, slots=True)
class Subject:
    """A mock to be judged: one that lies, or one that is only strange."""

    name: str
    kind: Kind
    requirement: str = ""
    visible: str = "reading"
    rarity: str = ""
    tokens: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def known(self) -> Tokens:
        """The tokens that the subject's world knows."""
        return Tokens(**self.tokens) if self.tokens else local.TOKENS  # type: ignore[arg-type]

    @property
    def command(self) -> tuple[str, ...]:
        if self.kind == "defect":
            return ("mockserver", "serve", "--port", "0", "--defect", self.name)
        return ("mockserver.defects", self.name)


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


def catalogue(kind: Kind) -> list[Subject]:
    """Ask the mock for its defects, or its healthy variants; raises CannotRun."""
    command = [sys.executable, "-m", "mockserver", "defects", "--json"]
    if kind == "healthy":
        command.append("--healthy")
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ran.returncode:
        raise CannotRun(f"the mock does not list its defects: {ran.stderr.strip()}")
    return [Subject(kind=kind, **entry) for entry in json.loads(ran.stdout)]


def sample(subjects: Sequence[Subject], size: int) -> list[Subject]:
    """Return `size` of them, always the same ones, spread over the catalogue's families."""
    step = max(1.0, len(subjects) / size)
    return [subjects[int(n * step)] for n in range(min(size, len(subjects)))]


def prove(
    subjects: Iterable[Subject],
    profile: str,
    seeds: Iterable[int],
    workers: int,
    heard: Callable[[Result], None],
) -> list[Result]:
    """Judge every subject under every seed, `workers` at a time; `heard` is told of each result."""
    jobs = [(subject, profile, seed) for subject in subjects for seed in seeds]
    results = []
    with ProcessPoolExecutor(workers) as pool:
        waiting = {pool.submit(examine, *job): number for number, job in enumerate(jobs)}
        for done in as_completed(waiting):
            results.append((waiting[done], done.result()))
            heard(done.result())
    return [result for _, result in sorted(results, key=lambda pair: pair[0])]


def examine(subject: Subject, profile: str, seed: int) -> Result:
    """Start a subject, judge it, end it; a subject that cannot be judged is a fault."""
    started = time.monotonic()
    try:
        with local.served(*subject.command) as url:
            accused, requests = _judge(subject, url, profile, seed)
    except CannotRun as error:
        return _result(subject, profile, seed, (), 0, started, str(error))
    return _result(subject, profile, seed, accused, requests, started, "")


def _result(
    subject: Subject,
    profile: str,
    seed: int,
    accused: Any,
    requests: int,
    started: float,
    fault: str,
) -> Result:
    seconds = round(time.monotonic() - started, 2)
    return Result(subject, profile, seed, tuple(accused), requests, seconds, fault)


def _judge(subject: Subject, url: str, profile: str, seed: int) -> tuple[tuple[str, ...], int]:
    if profile == PLAIN:
        return _plain(url, subject.known.main, seed)
    with tempfile.TemporaryDirectory() as folder:
        body = _run(subject, url, profile, seed, Path(folder))
    accused = {violation["requirement"] for violation in body["violations"]}
    return tuple(sorted(accused)), body["run"]["requests"]


def _run(subject: Subject, url: str, profile: str, seed: int, folder: Path) -> dict[str, Any]:
    tokens = subject.known
    target = Target(url, tokens, Manner(Budget(), options.pace(None, url)))
    others = {"other": tokens.other, "readonly": tokens.readonly}
    order = Order(profile, seed, others=frozenset(name for name in others if others[name]))
    desk = Desk(UndoJournal.of(url, folder), ())
    outcome = Run(target, Contract.load(), order, desk).carry_out(generate)
    return record(outcome, Setting(url, Mask(tokens.secrets())))


def _plain(url: str, token: str, seed: int) -> tuple[tuple[str, ...], int]:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(_CONFIG), "run"]
    command += [f"{url}/openapi.json", "--header", f"Authorization: Bearer {token}"]
    ran = subprocess.run(  # noqa: S603 - a dependency of ours
        [*command, "--seed", str(seed)], capture_output=True, text=True, check=False
    )
    sent = _GENERATED.search(ran.stdout)
    if ran.returncode not in (0, 1) or sent is None:
        raise CannotRun(f"schemathesis: {ran.stdout[-400:]}{ran.stderr[-400:]}")
    return (("schemathesis",) if ran.returncode else ()), int(sent[1])
