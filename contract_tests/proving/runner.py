"""Measures the suite against every planted defect, and against healthy variants of the mock."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import active_children

from contract_tests.client.errors import CannotRun
from contract_tests.client.signals import SIGNALS
from contract_tests.proving.trial import Kind, Result, Subject, examine


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
    report: Callable[[Result], None],
) -> list[Result]:
    """Judge every subject under every seed, `workers` at a time, calling `report` with each result.

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
                    report(result)
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
    """Leave Ctrl-C and a closed terminal to the process that hands out the work, which ends us."""
    for number in SIGNALS:
        ended = number == signal.SIGTERM
        signal.signal(number, signal.SIG_DFL if ended else signal.SIG_IGN)


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
