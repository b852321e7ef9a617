"""Options of serving from the environment and from a file; and their completion in a shell."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mockserver.config import Config
from mockserver.server import process
from mockserver.server.cli import main
from mockserver.server.command import serve
from tests.support.harness import serving

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Read:
    """Run `mockserver` in an empty folder without serving, and return what it would serve with."""
    found: dict[str, Any] = {}

    def note(config: Config, port: int, _: object, **more: Any) -> None:
        found.update({"config": config, "port": port, **more})

    monkeypatch.setattr(process, "serve", note)
    monkeypatch.chdir(tmp_path)

    def run(*options: str, **environment: str) -> dict[str, Any]:
        done = CliRunner().invoke(main, options, env=environment)
        assert done.exit_code == 0, done.output
        return found

    return run


def test_every_option_has_an_environment_variable() -> None:
    names = {option.envvar for option in serve.params}
    assert len(names) == len(serve.params)
    assert {"MOCKSERVER_PORT", "MOCKSERVER_RATE_LIMIT", "MOCKSERVER_CHOOSE"} <= names


def test_the_environment_sets_options(read: Read) -> None:
    found = read(
        MOCKSERVER_PORT="4011",
        MOCKSERVER_CLOCK="2026-05-01T09:00:00Z",
        MOCKSERVER_TICKETS="7",
        MOCKSERVER_CHECK="false",
        MOCKSERVER_QUIET="1",
        MOCKSERVER_FAULT="error=3%:500 operation=listTickets;latency=20ms",
        MOCKSERVER_CHOOSE="tag_match=all",
    )
    config = found["config"]
    assert (found["port"], found["log"], config.tickets, config.check) == (4011, None, 7, False)
    assert config.clock == "2026-05-01T09:00:00Z"
    assert config.faults == ("error=3%:500 operation=listTickets", "latency=20ms")
    assert config.choices.tag_match == "all"


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("PRT", "5", "MOCKSERVER_PRT: no such option; did you mean MOCKSERVER_PORT?"),
        ("TICKET", "5", "MOCKSERVER_TICKET: no such option; did you mean MOCKSERVER_TICKETS?"),
        ("PORT", "x", "Invalid value for 'MOCKSERVER_PORT': 'x' is not a valid number"),
    ],
)
def test_a_mistake_in_the_environment_is_told_by_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [], env={f"MOCKSERVER_{name}": value})
    assert (done.exit_code, complaint in done.stderr) == (2, True)


def test_variables_of_other_programs_are_left_alone(read: Read) -> None:
    assert read(MOCKSERVER_SERVICE_PORT="80", MOCKSERVER_URL="http://x")["port"] == 4010


FILE = """\
port = 4012
world = "small"
rate-limit = "5/minute"
admin_cors = true
clock = 2026-05-01T09:00:00Z
fault = ["error=3%:500 operation=listTickets"]
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mockserver.toml", FILE),
        ("mockserver.toml", f"\ufeff{FILE}"),  # as some editors begin it
        ("pyproject.toml", f"[tool.mockserver]\n{FILE}"),
    ],
)
def test_a_file_in_the_folder_sets_options(read: Read, name: str, text: str) -> None:
    Path(name).write_text(text, "utf-8")
    found = read()
    config = found["config"]
    assert (found["port"], config.world, config.rate) == (4012, "small", "5/minute")
    assert config.admin_cors is True
    assert config.clock == "2026-05-01T09:00:00+00:00"
    assert config.faults == ("error=3%:500 operation=listTickets",)


def test_the_command_line_comes_before_the_environment_and_that_before_the_file(read: Read) -> None:
    Path("mockserver.toml").write_text('port = 1\nworld = "small"\nseed = 3\n')
    Path("pyproject.toml").write_text("[tool.mockserver]\nnonsense = 1\n")
    found = read("--port", "3", MOCKSERVER_PORT="2", MOCKSERVER_WORLD="empty")
    assert (found["port"], found["config"].world, found["config"].seed) == (3, "empty", 3)


@pytest.mark.parametrize("text", ["", "[tool.other]\nport = 1\n"])
def test_a_project_without_the_table_sets_nothing(read: Read, text: str) -> None:
    Path("pyproject.toml").write_text(text)
    assert read()["port"] == 4010


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("prot = 1", "mockserver.toml: unknown key 'prot'; did you mean port?"),
        ("zzz = 1", "mockserver.toml: unknown key 'zzz'; keys are activity, admin-cors"),
        ("port = 'x'", "mockserver.toml: port: 'x' is not a valid number"),
        ("port = 70000", "mockserver.toml: port: 70000 is not in the range"),
        ("port = [1]", "mockserver.toml: port takes one value, not list"),
        ("reload = 'yes'", "mockserver.toml: reload: 'yes' is not a switch; write true or false"),
        ("port = ", "mockserver.toml: not valid TOML"),
        ("world = {name = 'x'}", "mockserver.toml: world takes one value, not dict"),
    ],
)
def test_a_mistake_in_the_file_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mockserver.toml").write_text(text)
    done = CliRunner().invoke(main, [])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"mockserver: {complaint}")
    assert done.stderr.count("\n") == 1


def test_help_is_given_beside_a_file_that_cannot_be_read(read: Read) -> None:
    Path("mockserver.toml").write_text("port = ")
    assert CliRunner().invoke(main, ["--help"]).exit_code == 0
    assert CliRunner().invoke(main, ["serve", "--help"]).exit_code == 0


def test_a_mock_serves_with_options_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "mockserver.toml").write_text('world = "empty"\nquiet = true\n')
    with serving(folder=tmp_path) as running:
        assert running.get("/api/tickets").json()["meta"]["total"] == 0


def completed(*words: str) -> list[str]:
    """Return what bash would offer for the last of these words."""
    environment = {
        **os.environ,
        "_MOCKSERVER_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("mockserver", *words)),
        "COMP_CWORD": str(len(words)),
    }
    command = [
        sys.executable,
        "-c",
        "from mockserver.__main__ import main; main()",
    ]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_a_shell_completes_worlds_options_and_commands() -> None:
    assert completed("--world", "sm") == ["small", "sm"]  # the latter: files
    assert completed("serve", "--world", "d") == ["demo", "d"]
    assert "--rate-limit" in completed("serve", "--r")
    assert completed("ver") == ["verify"]


def test_open_opens_the_inspector_in_a_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, opened = tmp_path / "xdg-open", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with serving("--world", "empty", "--open") as running:
        running.process.terminate()
        running.process.wait(30)
    assert opened.read_text().strip() == running.url
