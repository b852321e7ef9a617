"""The cost of private worlds: milliseconds to open and reset one, megabytes of 500.

Run with `python -m benchmarks.micro.private_worlds`; it prints a table in Markdown.
"""

import resource
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from mockserver.app import create_app
from mockserver.store import Caller, Store

WORLDS = 500
ROUNDS = 200
CLOCK = "2026-05-01T09:00:00Z"


def main() -> None:
    from mockserver.config import Config  # noqa: PLC0415 - with the app, not before

    app = create_app(Config(clock=CLOCK, max_worlds=10 * WORLDS))
    store: Store = app.extensions["store"]
    print("| what | median | goal |\n|---|---|---|")
    before = memory(store)
    names = (f"bench-{number}" for number in range(10 * WORLDS))
    print(f"| open a private copy of 200 tickets | {opening(store, names):.2f} ms | 5 ms |")
    print(f"| reset it after ten writes | {resetting(store):.2f} ms | 5 ms |")
    print(f"| snapshot it after ten writes | {snapshots(store):.2f} ms | |")
    fill(store)
    after = memory(store)
    print(f"| {WORLDS} worlds of ten writes each | {after - before:.0f} MB more | 500 MB |")
    store.close()


def opening(store: Store, names: Iterator[str]) -> float:
    return median(lambda: store.worlds.find_caller(f"jane@{next(names)}"))


def resetting(store: Store) -> float:
    caller = visit(store, "reset")
    return median(lambda: store.worlds.reset(caller.world), prepare=lambda: write(store, caller))


def snapshots(store: Store) -> float:
    caller = visit(store, "snapshot")
    write(store, caller)
    return median(lambda: store.snapshots.save(caller.world, "one"))


def fill(store: Store) -> None:
    for number in range(WORLDS):
        write(store, visit(store, f"full-{number}"))


def visit(store: Store, name: str) -> Caller:
    caller = store.worlds.find_caller(f"jane@{name}")
    assert caller is not None
    return caller


def write(store: Store, caller: Caller) -> None:
    for row in range(5):
        id = store.find(caller, id=901 + row).id
        store.changes.set_status(caller, id, "spam")
        store.changes.set_assignee(caller, id, 1 + row % 4)


def median(work: Callable[[], object], prepare: Callable[[], object] = lambda: None) -> float:
    spent = []
    for _ in range(ROUNDS):
        prepare()
        start = perf_counter()
        work()
        spent.append(perf_counter() - start)
    return 1000 * statistics.median(spent)


def memory(store: Store) -> float:
    """Return the megabytes of this process at its peak, and of the database's files."""
    file = Path(store.url.removeprefix("sqlite:///"))
    files = sum(each.stat().st_size for each in file.parent.iterdir())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + files / 2**20


if __name__ == "__main__":
    main()
