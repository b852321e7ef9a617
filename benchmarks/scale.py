"""`python -m benchmarks.scale`: what each list costs as the tickets grow in number."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from http.client import HTTPConnection
from itertools import combinations, product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.arguments import positive
from benchmarks.contenders import Skipped
from benchmarks.contenders.ours import Ours
from benchmarks.process import memory, processor_nanoseconds, tree
from benchmarks.serving import Running, serving

RESULTS = Path(__file__).with_name("scale.json")

SORTS = tuple(
    sign + key for key in ("updated_at", "created_at", "last_activity_at") for sign in ("-", "")
)
PAGES = ("first", "middle", "last")
_SIZE = 25
_CHANGED_PAGES, _CHANGED_ON_EACH = 10, 30
"""Tickets that are changed: some hundreds, all over the list."""

_SAMPLE = 20
"""Subjects that the searched words are taken from."""


@dataclass(frozen=True)
class Shape:
    """One filter under all sorts and on all pages, in milliseconds of processor time."""

    filter: str
    total: int
    first_ms: float
    """Of the very first request for it: nothing of it is remembered yet."""
    median_ms: float
    worst_ms: float
    worst: str
    """Sort and page of the slowest answer."""


@dataclass(frozen=True)
class Size:
    """What was found with one number of tickets; starts in seconds, memory in megabytes."""

    tickets: int
    first_start: float
    next_start: float
    memory: float
    contract: str
    """What the contract suite says of it."""

    shapes: list[Shape]


class Kept(Ours):
    """The mock with a database that it finds again."""

    def __init__(self, database: Path) -> None:
        self.options = ("--database", f"sqlite:///{database}")


class Connection:
    """One open connection to a mock, with a token."""

    def __init__(self, running: Running, token: str = "jane") -> None:
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
    """Start a mock twice, the second time upon what the first has made, and ask for every list."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        mock = Kept(folder / "kept.db")
        mock.install()
        with serving(mock, folder, tickets) as running:
            first = running.start
        with serving(mock, folder, tickets) as running:
            with closing(Connection(running)) as connection:
                shapes = list(_shapes(connection, repeats))
            with closing(Connection(running, "jane@changed")) as connection:
                _change(connection)
                shapes += [
                    replace(shape, filter=f"{shape.filter}, in a changed world")
                    for shape in _shapes(connection, repeats)
                ]
            held = memory(running.pid) / 1e6
            verdict = _verdict(running.url, folder)
    return Size(tickets, first, running.start, held, verdict, shapes)


def summary(sizes: Sequence[Size] | None = None) -> str:
    """Return Markdown: of all lists together what they cost; by default of scale.json."""
    sizes = sizes or load()
    rows = [
        ["a list, median", *(f"{median(_medians(size)):.1f} ms" for size in sizes)],
        [
            "the slowest list",
            *(f"{max(each.worst_ms for each in size.shapes):.1f} ms" for size in sizes),
        ],
        [
            "the slowest when it is asked for the first time",
            *(f"{max(each.first_ms for each in size.shapes):.1f} ms" for size in sizes),
        ],
        *_ends(sizes),
    ]
    return _lines("of the mock, in processor time", sizes, rows)


def table(sizes: Sequence[Size] | None = None) -> str:
    """Return Markdown: per filter the median and the worst answer; by default of scale.json."""
    sizes = sizes or load()
    names = [shape.filter for shape in sizes[0].shapes]
    rows = [
        [name, *(_times(size.shapes[place]) for size in sizes)] for place, name in enumerate(names)
    ]
    return _lines("list", sizes, [*rows, *_ends(sizes)])


def load(path: Path = RESULTS) -> list[Size]:
    kept = json.loads(path.read_text())
    return [Size(**size | {"shapes": [Shape(**s) for s in size["shapes"]]}) for size in kept]


def _ends(sizes: Sequence[Size]) -> list[list[str]]:
    return [
        ["first start", *(f"{size.first_start:.2f} s" for size in sizes)],
        ["start upon a kept database", *(f"{size.next_start:.2f} s" for size in sizes)],
        ["memory", *(f"{size.memory:.0f} MB" for size in sizes)],
        ["contract suite", *(size.contract for size in sizes)],
    ]


def _lines(title: str, sizes: Sequence[Size], rows: Sequence[Sequence[str]]) -> str:
    heads = [title, *(f"{size.tickets:,} tickets" for size in sizes)]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _medians(size: Size) -> list[float]:
    return [each.median_ms for each in size.shapes]


def _times(shape: Shape) -> str:
    return (
        f"{shape.first_ms:.1f} ms first, then {shape.median_ms:.1f}, at worst {shape.worst_ms:.1f}"
    )


def _verdict(url: str, folder: Path) -> str:
    """Let the contract suite judge a mock, by reading and by writing; raises Skipped."""
    record = folder / "run.json"
    command = [sys.executable, "-m", "contract_tests", "--base-url", url, "--json", str(record)]
    variables = os.environ | {"CONTRACT_TOKEN": "jane", "XDG_STATE_HOME": str(folder)}
    done = subprocess.run(
        [*command, "--write-tickets", "any"], env=variables, capture_output=True, check=False
    )
    if not record.exists():
        raise Skipped(f"the contract suite could not run: {done.stderr.decode().strip()}")
    told = json.loads(record.read_text())
    return f"{told['verdict']}, {told['run']['requests']} requests"


def _change(connection: Connection) -> None:
    """Change some tickets all over the list."""
    last = connection.page(per_page=100)[0]["meta"]["last_page"]
    pages = sorted({1 + (last - 1) * n // (_CHANGED_PAGES - 1) for n in range(_CHANGED_PAGES)})
    for page in pages:
        for row in connection.page(per_page=100, page=page)[0]["data"][:_CHANGED_ON_EACH]:
            connection.send("PUT", f"/api/tickets/{row['id']}/status", {"status": "spam"})


def _shapes(connection: Connection, repeats: int) -> Iterator[Shape]:
    for name, query in _filters(connection).items():
        # Words were looked for in the order of the last update: in another nothing is remembered.
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


def _filters(connection: Connection) -> dict[str, dict[str, str]]:
    common, rare = _words(connection)
    alone = {
        "open": {"filter[status]": "open"},
        "of a channel": {"filter[channel_ids]": "1"},
        "with one of two tags": {"filter[tag_ids]": "1,3"},
        "mine": {"filter[assigned_to_me]": "true"},
        "nobody's": {"filter[unassigned]": "true"},
        "a common word": {"filter[search]": common},
    }
    pairs = {f"{one}, {other}": alone[one] | alone[other] for one, other in combinations(alone, 2)}
    terms = {
        "a rare word": rare,
        "a word in no ticket": "xylophonist",
        "a word in nearly all": "the",
        "one letter": "e",
        "one digit": "1",
        "two letters": "th",
        "a phrase": "kind regards",
        "a phrase with half a number": "order 1",
    }
    return {
        "all": {},
        **alone,
        **pairs,
        **{name: {"filter[search]": term} for name, term in terms.items()},
    }


def _words(connection: Connection) -> tuple[str, str]:
    """Return the commonest and the rarest of the longer words in some subjects."""
    rows = connection.page(per_page=_SAMPLE)[0]["data"]
    words = {word for row in rows for word in row["subject"].split() if word.isalpha()}
    totals = {
        word: connection.page(per_page=1, **{"filter[search]": word})[0]["meta"]["total"]
        for word in sorted(words)
        if len(word) > 3
    }
    return max(totals, key=lambda word: totals[word]), min(totals, key=lambda word: totals[word])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write scale.json; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    sizes = [50, 10_000, 100_000]
    parser.add_argument("--tickets", nargs="+", type=positive, default=sizes, metavar="N")
    parser.add_argument("--repeats", type=positive, default=5, help="of every list; default: 5")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    try:
        found = [measure(tickets, options.repeats) for tickets in options.tickets]
    except Skipped as reason:
        print(f"scale: {reason}", file=sys.stderr)
        return 1
    options.output.write_text(json.dumps([asdict(size) for size in found], indent=1) + "\n")
    print(table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
