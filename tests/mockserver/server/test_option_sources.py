"""Options of serving from the environment and from a file; and their completion in a shell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from flask import Flask

from mockserver.config import Config
from mockserver.server import process
from mockserver.server.cli import main
from mockserver.server.command import serve

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Read:
    """Run `mockserver` in an empty folder without serving, and return what it would serve with."""
    found: dict[str, Any] = {}

    def note(config: Config, port: int, ready: object, **more: Any) -> None:
        found.update({"config": config, "port": port, "ready": ready, **more})

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


@pytest.mark.parametrize(
    ("words", "incomplete", "offered"),
    [
        (["--world"], "sm", ["small", "sm"]),  # the latter: files
        (["serve", "--world"], "d", ["demo", "d"]),
        (["serve"], "--rat", ["--rate-limit"]),
        ([], "ver", ["verify"]),
    ],
)
def test_a_shell_completes_worlds_options_and_commands(
    words: list[str], incomplete: str, offered: list[str]
) -> None:
    completion = ShellComplete(main, {}, "mockserver", "_MOCKSERVER_COMPLETE")
    found = completion.get_completions(words, incomplete)
    assert [item.value for item in found] == offered


def test_open_opens_the_inspector_in_a_browser(
    read: Read, seeded_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("click.launch", opened.append)
    read("--open")["ready"](4011, seeded_app.extensions["store"])
    assert opened == ["http://127.0.0.1:4011"]
