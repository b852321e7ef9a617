"""One process serves lying and strange mocks in turn, each of them from its start."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from mockserver.defects.serving import _SEEDED_AT

Serve = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the process keeps what it plants."""
    return tmp_path


@pytest.fixture
def process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "mockserver.defects"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
        text=True,
    ) as started:
        yield started
        started.communicate()


@pytest.fixture
def serve(process: subprocess.Popen[str]) -> Serve:
    def started(name: str) -> str:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{name}\n")
        process.stdin.flush()
        return process.stdout.readline().strip().rpartition(" ")[2]

    return started


def ask(url: str, body: object = None) -> dict[str, object]:
    headers = {"Authorization": "Bearer jane", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, headers, method="GET" if body is None else "PUT")
    with urlopen(request) as reply:
        found: dict[str, object] = json.load(reply)["ticket"]
    return found


def test_each_lies_as_its_name_says_and_remembers_nothing_of_the_one_before(serve: Serve) -> None:
    honest = serve("default")
    ask(f"{honest}/api/tickets/42/status", {"status": "closed"})
    assert ask(f"{honest}/api/tickets/42")["status"] == "closed"

    lying = serve("status-not-stored")
    assert ask(f"{lying}/api/tickets/42")["status"] == "open"
    ask(f"{lying}/api/tickets/42/status", {"status": "closed"})
    assert ask(f"{lying}/api/tickets/42")["status"] == "open"


@pytest.mark.slow
def test_a_defect_is_found_in_the_world_that_the_command_serves(serve: Serve) -> None:
    def world(url: str) -> dict[str, object]:
        with urlopen(Request(f"{url}/api/tickets", headers={"Authorization": "Bearer jane"})) as r:
            found: dict[str, object] = json.load(r)["meta"]
        return found

    assert world(serve("ulid-changes")) == world(serve("default"))


@pytest.mark.slow
def test_a_healthy_world_is_that_of_its_seed_and_of_no_day(serve: Serve) -> None:
    def tickets(url: str) -> list[dict[str, str]]:
        with urlopen(Request(f"{url}/api/tickets", headers={"Authorization": "Bearer jane"})) as r:
            found: list[dict[str, str]] = json.loads(r.read().replace(url.encode(), b""))["data"]
        return found

    first, again, other = (tickets(serve(line)) for line in ("default", "indented 1", "default 2"))
    assert first == again != other
    assert "2026-04-30" < first[0]["updated_at"] < _SEEDED_AT


@pytest.mark.slow
def test_the_one_before_is_ended(serve: Serve) -> None:
    first = serve("default")
    serve("default")
    with pytest.raises(OSError, match="refused"):
        urlopen(f"{first}/api/tickets/42")


@pytest.mark.slow
def test_a_name_that_is_none_is_said_and_the_next_is_served(serve: Serve) -> None:
    for line in ("no-such-defect", "default one"):
        assert not serve(line).startswith("http")
    with pytest.raises(HTTPError, match="401"):
        urlopen(f"{serve('default')}/api/tickets/42")


@pytest.mark.slow
def test_nothing_is_left_when_the_names_end(
    process: subprocess.Popen[str], serve: Serve, folder: Path
) -> None:
    url = serve("default")
    assert list(folder.iterdir())
    process.communicate()
    assert process.returncode == 0
    assert list(folder.iterdir()) == []
    with pytest.raises(OSError, match="refused"):
        urlopen(url)
