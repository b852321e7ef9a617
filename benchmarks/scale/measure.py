"""Processor time of every list, with one number of tickets."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.contenders import Skipped
from benchmarks.contenders.ours import Ours
from benchmarks.dataset.dataset import SORTS, TOKEN
from benchmarks.process.serving import Running, serving
from benchmarks.process.usage import memory, processor_nanoseconds, tree
from benchmarks.scale.filters import filters
from benchmarks.scale.results import Shape, Size

PAGES = ("first", "middle", "last")
_SIZE = 25
_CHANGED_PAGES, _CHANGED_ON_EACH = 10, 30
"""Hundreds of changed tickets, spread over the whole list."""


class Kept(Ours):
    """The mock with a database that the next start opens again."""

    def __init__(self, database: Path) -> None:
        self.options = ("--database", f"sqlite:///{database}")


class Connection:
    """One open connection to a mock, with a token."""

    def __init__(self, running: Running, token: str = TOKEN) -> None:
        self._connection = HTTPConnection(urlsplit(running.url).netloc, timeout=600)
        self._token = token
        self._pids = tree(running.pid)

    def close(self) -> None:
        self._connection.close()

    def page(self, **query: object) -> tuple[Any, float]:
        """Return a page of the list, and the milliseconds of processor time that it took."""
        began = processor_nanoseconds(self._pids)
        found = self.send("GET", f"/api/tickets?{urlencode(query)}")
        return found, (processor_nanoseconds(self._pids) - began) / 1e6

    def send(self, method: str, path: str, body: object = None) -> Any:
        """Return the JSON that a request is answered with; raises Skipped."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        self._connection.request(method, path, json.dumps(body) if body else None, headers)
        reply = self._connection.getresponse()
        answer = reply.read()
        if reply.status != 200:
            raise Skipped(f"{path}: {reply.status}")
        return json.loads(answer)


def measure(tickets: int, repeats: int) -> Size:
    """Start a mock twice, the second time with the first one's database, and request every list."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        mock = Kept(folder / "kept.db")
        mock.install()
        with serving(mock, folder, tickets) as running:
            first = running.start
        with serving(mock, folder, tickets) as running:
            with closing(Connection(running)) as connection:
                shapes = list(_shapes(connection, repeats))
            with closing(Connection(running, f"{TOKEN}@changed")) as connection:
                _change(connection)
                shapes += [
                    replace(shape, filter=f"{shape.filter}, in a changed world")
                    for shape in _shapes(connection, repeats)
                ]
            held = memory(running.pid) / 1e6
            verdict = _verdict(running.url, folder)
    return Size(tickets, first, running.start, held, verdict, shapes)


def _verdict(url: str, folder: Path) -> str:
    """Return the contract suite's verdict on a mock, writes included; raises Skipped."""
    record = folder / "run.json"
    command = [sys.executable, "-m", "contract_tests", "--base-url", url, "--json", str(record)]
    variables = os.environ | {"CONTRACT_TOKEN": TOKEN, "XDG_STATE_HOME": str(folder)}
    done = subprocess.run(
        [*command, "--write-tickets", "any"], env=variables, capture_output=True, check=False
    )
    if not record.exists():
        raise Skipped(f"the contract suite could not run: {done.stderr.decode().strip()}")
    found = json.loads(record.read_text())
    return f"{found['verdict']}, {found['run']['requests']} requests"


def _change(connection: Connection) -> None:
    """Change some tickets all over the list."""
    last = connection.page(per_page=100)[0]["meta"]["last_page"]
    pages = sorted({1 + (last - 1) * n // (_CHANGED_PAGES - 1) for n in range(_CHANGED_PAGES)})
    for page in pages:
        for row in connection.page(per_page=100, page=page)[0]["data"][:_CHANGED_ON_EACH]:
            connection.send("PUT", f"/api/tickets/{row['id']}/status", {"status": "spam"})


def _shapes(connection: Connection, repeats: int) -> Iterator[Shape]:
    for name, query in filters(connection.page).items():
        # filters() searched in the default sort; another sort is not in any cache.
        found, first = connection.page(per_page=_SIZE, sort="-last_activity_at", **query)
        times: dict[str, float] = {}
        last = found["meta"]["last_page"]
        for (label, page), sort in product(_pages(last).items(), SORTS):
            asked = {"per_page": _SIZE, "page": page, "sort": sort, **query}
            spent = [connection.page(**asked)[1] for _ in range(repeats)]
            times |= {f"{sort}, {label} page, {n}": each for n, each in enumerate(spent)}
        worst = max(times, key=lambda each: times[each])
        total = found["meta"]["total"]
        yield Shape(name, total, first, median(times.values()), times[worst], worst)


def _pages(last: int) -> dict[str, int]:
    return dict(zip(PAGES, (1, (last + 1) // 2, last), strict=True))
