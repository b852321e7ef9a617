"""`python -m tests.soak`: mixed traffic for minutes, while memory, files and threads stay flat.

Private worlds are opened beyond their limit, so that old ones are dropped all the time.
Exit status: 0 flat and no 5xx, 1 otherwise.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from threading import Event, Thread
from time import monotonic, sleep

import requests

from tests.support.harness import CLOCK, Serving, serving

INTERVAL = 5.0
"""Seconds between two samples."""

GROWTH = 1.1
"""By which factor the last third of the samples may be above the middle third."""

WORLDS = 700
"""Names of private worlds; the mock keeps 500."""


@dataclass(frozen=True)
class Sample:
    """The mock's process at one time: memory in megabytes, open files, threads."""

    memory: float
    files: int
    threads: int

    @classmethod
    def of(cls, pid: int) -> "Sample":
        status = Path(f"/proc/{pid}/status").read_text()
        values = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        return cls(int(values["VmRSS"].split()[0]) / 1024, files, int(values["Threads"]))


@dataclass
class Traffic:
    """Sends random requests until it is over, and counts the statuses."""

    mock: Serving
    seed: int
    over: Event
    statuses: Counter[int] = field(default_factory=Counter)

    def run(self) -> None:
        random, session = Random(self.seed), requests.Session()
        actions: list[Callable[[Random, requests.Session], requests.Response]] = [
            *([self._list] * 6),
            *([self._detail] * 4),
            *([self._write] * 3),
            self._admin,
            self._page,
            self._stream,
            self._wrong,
        ]
        while not self.over.is_set():
            self.statuses[random.choice(actions)(random, session).status_code] += 1

    def _send(
        self, session: requests.Session, method: str, path: str, token: str = "jane", **more: object
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return session.request(
            method,
            self.mock.url + path,
            headers=headers,
            timeout=30,
            **more,  # type: ignore[arg-type]
        )

    def _token(self, random: Random) -> str:
        return f"jane@soak-{random.randrange(WORLDS)}"

    def _list(self, random: Random, session: requests.Session) -> requests.Response:
        query = {
            "page": random.randrange(1, 6),
            "per_page": random.randrange(1, 101),
            "sort": random.choice(["updated_at", "-created_at", "last_activity_at"]),
            **random.choice(
                [{}, {"filter[status]": "open"}, {"filter[search]": f"order {random.random():.2}"}]
            ),
        }
        path = random.choice(["/api/tickets", "/api/tickets", "/api/contacts"])
        query = query if path == "/api/tickets" else {"page": query["page"]}
        return self._send(session, "GET", path, self._token(random), params=query)

    def _detail(self, random: Random, session: requests.Session) -> requests.Response:
        ticket = random.choice([42, 904, random.randrange(1000, 1170)])
        return self._send(session, "GET", f"/api/tickets/{ticket}", self._token(random))

    def _write(self, random: Random, session: requests.Session) -> requests.Response:
        ticket, token = random.randrange(901, 926), self._token(random)
        method, part, body = random.choice(
            [
                ("PUT", "status", {"status": random.choice(["open", "closed"])}),
                ("PUT", "assignee", {"user_id": random.choice([1, 2, None])}),
                ("POST", "note", {"body": f"<p>Note {random.random()}</p>"}),
                ("POST", f"tags/{random.randrange(1, 12)}", None),
            ]
        )
        return self._send(session, method, f"/api/tickets/{ticket}/{part}", token, json=body)

    def _admin(self, random: Random, session: requests.Session) -> requests.Response:
        world = f"soak-{random.randrange(WORLDS)}"
        path = random.choice(
            [
                "/_mock/worlds",
                "/_mock/journal?limit=50",
                "/_mock/journal/verdict",
                "/_mock/coverage",
            ]
        )
        if random.random() < 0.3:
            return self._send(session, "POST", f"/_mock/worlds/{world}/reset")
        return self._send(session, "GET", path)

    def _page(self, random: Random, session: requests.Session) -> requests.Response:
        return self._send(session, "GET", random.choice(["/", "/docs", "/openapi.json"]))

    def _stream(self, _: Random, session: requests.Session) -> requests.Response:
        """Open the stream of the journal, and leave it."""
        with self._send(session, "GET", "/_mock/journal/stream", stream=True) as reply:
            return reply

    def _wrong(self, random: Random, session: requests.Session) -> requests.Response:
        path = random.choice(["/api/nowhere", "/api/tickets?filter[x]=1", "/api/tickets/999999"])
        return self._send(session, "GET", path, random.choice(["jane", "nobody"]))


def soak(minutes: float, tell: Callable[[str], None]) -> bool:
    """Return whether the mock stayed flat; `tell` hears of each minute, and of the end."""
    samples: list[Sample] = []
    over = Event()
    with serving("--clock", CLOCK, "--quiet") as mock:
        traffic = [Traffic(mock, seed, over) for seed in range(2)]
        threads = [Thread(target=each.run) for each in traffic]
        started = monotonic()
        for thread in threads:
            thread.start()
        try:
            while monotonic() - started < minutes * 60:
                sleep(INTERVAL)
                samples.append(Sample.of(mock.process.pid))
                if len(samples) % 12 == 0:
                    tell(_line(f"{monotonic() - started:5.0f} s", samples[-12:]))
        finally:
            over.set()
            for thread in threads:
                thread.join()
    statuses = sum((each.statuses for each in traffic), Counter[int]())
    tell(f"{statuses.total()} requests: {dict(sorted(statuses.items()))}")
    return _is_flat(samples, tell) and not any(status >= 500 for status in statuses)


def _is_flat(samples: list[Sample], tell: Callable[[str], None]) -> bool:
    third = len(samples) // 3
    middle, last = samples[third : 2 * third], samples[2 * third :]
    tell(_line("middle", middle))
    tell(_line("last", last))
    return all(
        median(getattr(each, name) for each in last)
        <= GROWTH * median(getattr(each, name) for each in middle) + 1
        for name in ("memory", "files", "threads")
    )


def _line(label: str, samples: list[Sample]) -> str:
    memory, files, threads = (
        median(getattr(each, name) for each in samples) for name in ("memory", "files", "threads")
    )
    return f"{label:>7}: {memory:6.1f} MB, {files:3.0f} files, {threads:3.0f} threads"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    flat = False
    with suppress(KeyboardInterrupt):
        flat = soak(parser.parse_args().minutes, lambda line: print(line, flush=True))
    print("flat" if flat else "not flat")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
