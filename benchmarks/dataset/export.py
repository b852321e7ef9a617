"""The dataset, exported from this mock through its own API."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.dataset.dataset import TOKEN, Dataset
from mockserver.app import create_app
from mockserver.config import Config

CLOCK = "2026-05-01T09:00:00Z"
WORLD = str(Path(__file__).with_name("world.yaml"))

_HEADERS = {"Authorization": f"Bearer {TOKEN}"}


def export(tickets: int) -> Dataset:
    """Return the benchmark's world with this number of tickets."""
    with _reading(tickets) as get:
        return Dataset([get(f"/api/tickets/{id}")["ticket"] for id in _ids(get)])


def record(tickets: int, paths: Iterable[str]) -> dict[str, Any]:
    """Return this mock's JSON answer to GET for each path."""
    with _reading(tickets) as get:
        return {path: get(path) for path in dict.fromkeys(paths)}


@contextmanager
def _reading(tickets: int) -> Iterator[Callable[[str], Any]]:
    app = create_app(Config(world=WORLD, tickets=tickets, clock=CLOCK))
    try:
        client = app.test_client()
        yield lambda path: client.get(path, headers=_HEADERS).json
    finally:
        app.extensions["store"].close()


def _ids(get: Callable[[str], Any]) -> list[int]:
    path = "/api/tickets?per_page=100&sort=created_at"
    pages = get(path)["meta"]["last_page"]
    rows = [get(f"{path}&page={number + 1}")["data"] for number in range(pages)]
    return sorted(ticket["id"] for page in rows for ticket in page)
