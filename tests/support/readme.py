"""The generated parts of README.md; `python -m tests.support.readme` rewrites them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report, scale
from mockserver.contract import choices, provenance, resources
from mockserver.contract.bundle import bundle
from mockserver.seed import EDGE_CASES, load_world


@dataclass(frozen=True)
class Stop:
    """A command of the tour, and the parts of its answer that are shown."""

    title: str
    command: str
    shown: tuple[str, ...]


README = Path(__file__).resolve().parents[2] / "README.md"

_LIST = '-H "Authorization: Bearer jane" -H "Accept: application/json"'
_JANE = '-H "Authorization: Bearer jane"'
_PUT = f"curl -s -X PUT $MOCK/api/tickets/42/status {_JANE}"

_TOUR = (
    Stop(
        "The documented request, with its filter, sort and page size",
        f'curl -gs "$MOCK/api/tickets?filter[status]=open&sort=-updated_at&per_page=10" {_LIST}',
        ("data.0.id", "data.0.subject", "data.0.status", "data.0.assignee", "meta"),
    ),
    Stop(
        "The documented ticket, word for word",
        f"curl -s $MOCK/api/tickets/42 {_JANE}",
        ("ticket.subject", "ticket.status", "ticket.messages.0.body_html", "ticket.activities"),
    ),
    Stop(
        "It remembers: close it, and it is gone from the open ones",
        f"""{_PUT} -H "Content-Type: application/json" -d '{{"status": "closed"}}'""",
        ("ticket.id", "ticket.status", "ticket.updated_at"),
    ),
    Stop(
        "",
        f'curl -gs "$MOCK/api/tickets?filter[status]=open&filter[search]=cannot+reset" {_JANE}',
        ("meta.total",),
    ),
    Stop(
        "A private world, opened by the token alone: here nothing has happened yet",
        'curl -s $MOCK/api/tickets/42 -H "Authorization: Bearer jane@pr-123"',
        ("ticket.status",),
    ),
    Stop("Refusals look like the vendor's framework", _PUT, ("message", "errors")),
)


def choices_table() -> str:
    rows = [
        f"| {q.number} | `{q.name}` | **{q.default}** {_others(q)} | {q.reason} |"
        for q in choices.questions()
    ]
    heading = ["| question | choice | values | why the default |", "|---|---|---|---|"]
    return "\n".join([*heading, *rows])


def gallery_table() -> str:
    rows = [f"| {e.id} | {e.slug} | {e.purpose} |" for e in EDGE_CASES]
    return "\n".join(["| ticket | name | what it is for |", "|---|---|---|", *rows])


def worlds_table() -> str:
    worlds = [load_world(path.stem) for path in sorted(resources.worlds().glob("*.yaml"))]
    rows = [f"| `{world.name}` | {' '.join(world.description.split())} |" for world in worlds]
    return "\n".join(["| world | what is in it |", "|---|---|", *rows])


def provenance_table() -> str:
    return provenance.table(bundle(resources.contract()))


def tour() -> str:
    """Run the tour against a fresh mock, and write each command with what it answered."""
    with _mock() as url:
        return "\n\n".join(_run(url, stop) for stop in _TOUR)


SECTIONS: dict[str, Callable[[], str]] = {
    "tour": tour,
    "worlds": worlds_table,
    "gallery": gallery_table,
    "choices": choices_table,
    "provenance": provenance_table,
    "speed": report.table,
    "scale": scale.summary,
}


def held(name: str) -> str:
    """Return what README.md has between the markers of a section."""
    begin, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    return README.read_text().split(begin)[1].split(end)[0].strip("\n")


def renew() -> None:
    text = README.read_text()
    for name, write in SECTIONS.items():
        block = f"<!-- {name} -->\n\n{write()}\n\n<!-- /{name} -->"
        pattern = re.compile(rf"<!-- {name} -->.*?<!-- /{name} -->", re.DOTALL)
        text = pattern.sub(lambda _, block=block: block, text)
    README.write_text(text)


def _others(question: choices.Question) -> str:
    return " ".join(value for value in question.values if value != question.default)


def _run(url: str, stop: Stop) -> str:
    ran = subprocess.run(
        ["bash", "-c", stop.command],
        env={"MOCK": url, "PATH": os.defpath},
        capture_output=True,
        check=True,
    )
    answer = json.loads(ran.stdout)
    lines = [
        f"{path}: {json.dumps(_pick(answer, path), ensure_ascii=False)}" for path in stop.shown
    ]
    heading = f"{stop.title}:\n\n" if stop.title else ""
    return f"{heading}```console\n$ {stop.command}\n" + "\n".join(lines) + "\n```"


def _pick(answer: object, path: str) -> object:
    for part in path.split("."):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]  # type: ignore[index]
    return answer


@contextmanager
def _mock() -> Iterator[str]:
    command = [sys.executable, "-m", "mockserver", "--port", "0", "--clock", "2026-05-01T09:00:00Z"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        ready = re.search(r"http://[\d.:]+", server.stdout.readline())
        try:
            assert ready is not None, "the mock did not start"
            yield ready[0]
        finally:
            server.terminate()


if __name__ == "__main__":
    renew()
