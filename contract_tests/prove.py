"""Who tests the tests: the suite against every planted defect, and against healthy oddities."""

import json
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import active_children
from pathlib import Path
from typing import Any, Literal

from contract_tests import local, options
from contract_tests.budget import Budget
from contract_tests.desk import Desk
from contract_tests.generated import generate
from contract_tests.order import Order
from contract_tests.run import CannotRun, Outcome, Run
from contract_tests.target import Manner, Target, Tokens
from contract_tests.undo import UndoJournal
from mockserver.spec import Contract

Kind = Literal["defect", "healthy"]
PLAIN = "schemathesis"
"""The profile that stands for schemathesis alone, all checks, with its committed exceptions."""
PATIENCE = 300.0
"""Seconds for one subject; one that refuses every few requests is judged by what it showed."""
_PACKAGE = Path(__file__).parent
_CONFIG = _PACKAGE / "schemathesis.toml"
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


class Interrupted(Exception):
    """Ctrl-C ended a proof; `results` are those there were by then."""

    def __init__(self, results: list[Result]) -> None:
        super().__init__()
        self.results = results


Job = tuple[Subject, str, int]
"""A subject, the profile and the seed that it is to be judged with."""
Done = Generator[tuple[int, Result], None, None]
"""Results as they come, each with the number of its job."""


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
    """Judge every subject under every seed, `workers` at a time; `heard` is told of each result.

    Raises Interrupted.
    """
    jobs = [(subject, profile, seed) for subject in subjects for seed in seeds]
    results: dict[int, Result] = {}
    try:
        for attempt in (_together, _one_by_one):
            left = {number: job for number, job in enumerate(jobs) if number not in results}
            with closing(attempt(left, workers)) as done:
                for number, result in done:
                    results[number] = result
                    heard(result)
    except KeyboardInterrupt:
        raise Interrupted([results[number] for number in sorted(results)]) from None
    return [results[number] for number in sorted(results)]


def _together(jobs: Mapping[int, Job], workers: int) -> Done:
    """Yield results as they come; a process that dies takes along what was not done by then."""
    with ProcessPoolExecutor(workers, initializer=_leave_interrupts) as pool, _ending(pool):
        waiting = {pool.submit(examine, *job): number for number, job in jobs.items()}
        for done in as_completed(waiting):
            if not isinstance(done.exception(), BrokenProcessPool):
                yield waiting[done], done.result()


def _one_by_one(jobs: Mapping[int, Job], workers: int) -> Done:
    """Give each job a process of its own: then it is known whose process dies."""
    with ThreadPoolExecutor(workers) as threads, _ending(threads):
        yield from zip(jobs, threads.map(_alone, jobs.values()), strict=True)


def _alone(job: Job) -> Result:
    try:
        with ProcessPoolExecutor(1, initializer=_leave_interrupts) as pool:
            return pool.submit(examine, *job).result()
    except BrokenProcessPool:
        fault = "the process of the suite died: out of memory, or killed?"
        return Result(*job, accused=(), requests=0, seconds=0.0, fault=fault)


def _leave_interrupts() -> None:
    """Leave Ctrl-C to the process that hands out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _ending(pool: Executor) -> Iterator[None]:
    """Drop what waits, and end what is under way, when the results are no longer wanted."""
    try:
        yield
    except BaseException:
        for child in active_children():
            child.terminate()
        pool.shutdown(cancel_futures=True)
        raise


def read(path: Path) -> list[Result]:
    """Return the results of an earlier proof; raises CannotRun for a file that holds none."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return [_result(entry) for entry in entries]
    except (ValueError, TypeError, KeyError) as error:
        raise CannotRun(f"{path} holds no results: {error}") from None


def _result(entry: dict[str, Any]) -> Result:
    told = {name: value for name, value in entry.items() if name != "killed"}  # by the accused
    told |= {"subject": Subject(**entry["subject"]), "accused": tuple(entry["accused"])}
    return Result(**told)


def examine(subject: Subject, profile: str, seed: int) -> Result:
    """Start a subject, judge it; one that cannot be judged, or upsets the suite, is a fault."""
    started = time.monotonic()
    accused, requests, fault = frozenset[str](), 0, ""
    try:
        accused, requests = _judge(subject, _served(subject, seed), profile, seed)
    except CannotRun as error:
        _stable.cache_clear()  # the process may be the one that is ill
        fault = str(error)
    except Exception as error:  # whatever it is, the other subjects have still to be judged
        fault = _told(error)
    seconds = round(time.monotonic() - started, 2)
    return Result(subject, profile, seed, tuple(sorted(accused)), requests, seconds, fault)


def _told(error: Exception) -> str:
    """Return what is to be mended in the suite, and where, in a line."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = next(f for f in reversed(frames) if Path(f.filename).is_relative_to(_PACKAGE))
    place = f"{Path(ours.filename).relative_to(_PACKAGE.parent)}:{ours.lineno}"
    first, *_ = str(error).splitlines() or [""]
    return f"the suite crashed at {place}: {type(error).__name__}: {first}"


def _served(subject: Subject, seed: int) -> str:
    """Return where a subject is served: another seed is another world of a healthy one."""
    world = [str(1 + seed)] if subject.kind == "healthy" else []
    return _stable().serve(subject.name, *world)


@cache
def _stable() -> local.Stable:
    """Return this process's source of subjects: it imports and plants once for all of them."""
    return local.Stable("mockserver.defects")


def _judge(subject: Subject, url: str, profile: str, seed: int) -> tuple[frozenset[str], int]:
    if profile == PLAIN:
        return _plain(url, subject.known.main, seed)
    with tempfile.TemporaryDirectory() as folder:
        outcome = _run(subject, url, Order(profile, seed, others=subject.others), Path(folder))
    accused = (f.requirement for f in outcome.findings if f.outcome == "violated")
    return frozenset(accused), len(outcome.seen.exchanges)


def _run(subject: Subject, url: str, order: Order, folder: Path) -> Outcome:
    budget = Budget(seconds=PATIENCE)
    target = Target(url, subject.known, Manner(budget, options.pace(None, url)))
    desk = Desk(UndoJournal.of(url, folder), ())
    return Run(target, _contract(), order, desk).carry_out(generate)


@cache
def _contract() -> Contract:
    return Contract.load()


def _plain(url: str, token: str, seed: int) -> tuple[frozenset[str], int]:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(_CONFIG), "run"]
    command += [f"{url}/openapi.json", "--header", f"Authorization: Bearer {token}"]
    ran = subprocess.run(  # noqa: S603 - a dependency of ours
        [*command, "--seed", str(seed)], capture_output=True, text=True, check=False
    )
    sent = _GENERATED.search(ran.stdout)
    if ran.returncode not in (0, 1) or sent is None:
        raise CannotRun(f"schemathesis: {ran.stdout[-400:]}{ran.stderr[-400:]}")
    return frozenset(["schemathesis"] if ran.returncode else []), int(sent[1])
