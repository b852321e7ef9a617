import json
import socket
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from mockserver import __version__
from mockserver.contract.choices import questions
from mockserver.contract.operations import Contract
from mockserver.server.cli import main
from tests.support.harness import WORLD_FILE

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(main, arguments)


def test_spec_prints_the_whole_contract_as_one_document(run: Run) -> None:
    done = run("spec")
    assert done.exit_code == 0
    assert yaml.safe_load(done.stdout) == Contract.load().document


def test_spec_prints_json_too(run: Run) -> None:
    assert json.loads(run("spec", "--json").stdout) == Contract.load().document


def test_routes_lists_each_operation_with_its_function(run: Run) -> None:
    lines = [line.split() for line in run("routes").stdout.splitlines()]
    assert [line[:4] for line in lines[:4]] == [
        ["GET", "/api/tickets", "listTickets", "stated"],
        ["GET", "/api/tickets/{id}", "getTicket", "stated"],
        ["PUT", "/api/tickets/{id}/status", "updateTicketStatus", "stated"],
        ["PUT", "/api/tickets/{id}/assignee", "updateTicketAssignee", "stated"],
    ]
    assert [line[3] for line in lines[4:]] == ["vendor"] * 13
    assert lines[0][4] == "mockserver.api.operations.tickets.list_tickets"


def test_worlds_lists_the_shipped_worlds(run: Run) -> None:
    named = [line.split()[0] for line in run("worlds").stdout.splitlines()]
    assert {"demo", "empty", "small"} <= set(named)


def test_choices_lists_every_question_with_its_default_marked(run: Run) -> None:
    lines = run("choices").stdout.splitlines()
    assert len(lines) == len(questions())
    for line, question in zip(lines, questions(), strict=True):
        assert line.split()[:2] == [question.number, question.name]
        assert f"[{question.default}]" in line
        assert line.endswith(question.reason)


def test_the_version_is_told(run: Run) -> None:
    assert __version__ in run("--version").stdout


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["serve", "--help"], ["spec", "-h"]])
def test_help_is_given(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout.startswith("Usage: ")) == (0, True)


def test_a_number_without_limits_shows_none(run: Run) -> None:
    assert "None" not in run("serve", "--help").output


def test_every_option_has_a_line_of_help(run: Run) -> None:
    for command in main.commands.values():
        for option in command.params:
            described = getattr(option, "help", None) or isinstance(option, click.Argument)
            assert described, f"{command.name} {option.name}"


@pytest.fixture
def refused(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Run a command that must not come as far as serving, and return what it says instead."""

    def started(*_: object, **__: object) -> None:
        raise AssertionError("the server was started")

    monkeypatch.setattr("uvicorn.Server.run", started)
    monkeypatch.chdir(tmp_path)

    def refuse(*arguments: str) -> str:
        done = run("--port", "0", *arguments)
        assert (done.exit_code, done.stdout) == (2, ""), done.exception
        return done.stderr.rstrip("\n")

    return refuse


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (
            ["--world", "nope"],
            "nope: the world does not exist; give the path of a world file or one of demo",
        ),
        (["--choose", "tag_match=some"], "choice tag_match: 'some' is not any or all"),
        (["--choose", "tag_mach=all"], "unknown choice 'tag_mach'; did you mean tag_match?"),
        (
            ["--clock", "yesterday"],
            "--clock: 'yesterday' is not a valid ISO 8601 time, for example 2026-05-01T09:00:00Z",
        ),
        (["--clock", "0001-01-01T00:00:00Z"], "is not a time between 2000 and 9000"),
        (["--clock", "9999-12-31T23:59:59Z"], "is not a time between 2000 and 9000"),
        (["--rate-limit", "60"], "'60' is not a rate; write it as 60/minute"),
        (["--contract", "no.yaml"], "no.yaml: No such file or directory"),
        (
            ["--contract", WORLD_FILE],
            "world.yaml is a world file; pass it as --world",
        ),
        (["--database", "nonsense"], "'nonsense' is not a database URL such as sqlite:///mock.db"),
        (["--database", "mysql://x/y"], "mysql://x/y: a database is sqlite:///"),
        (["--database", "sqlite://"], "sqlite: name a file, as in sqlite:///mock.db"),
        (["--database", "sqlite:///:memory:"], "sqlite: name a file, as in sqlite:///mock.db"),
        (["--database", "sqlite:///no/x.db"], "no/x.db: there is no folder no"),
        (["--locale", "xx_YY"], "xx_YY"),
        (["--fault", "eror=3%"], "unknown fault 'eror'; did you mean error?"),
        (["--upstream", "localhost"], "write it as http://127.0.0.1:3000"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1:0: "),
        (
            ["--database", "postgresql+psycopg://mock:secret@127.0.0.1:1/x"],
            "postgresql+psycopg://mock:***@127.0.0.1:1/x: cannot be used: ",
        ),
    ],
)
def test_what_cannot_start_is_told_in_one_line_with_its_remedy(
    refused: Callable[..., str], options: list[str], complaint: str
) -> None:
    said = refused(*options)
    assert said.startswith("mockserver: ")
    assert complaint in said
    assert "\n" not in said


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_port_that_is_taken_on_either_loopback_address_is_told(
    refused: Callable[..., str], address: str
) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        taken = socket.create_server((address, 0), family=family)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback address")
    with taken:
        port = taken.getsockname()[1]
        reason = f"cannot listen on localhost:{port}: Address already in use"
        assert refused("--port", str(port)) == (
            f"mockserver: {reason}; choose with --host and --port"
        )


@pytest.mark.parametrize(
    "options",
    [["--nope"], ["--port", "x"], ["--port", "70000"], ["--tickets", "-1"], ["--seed", "x"]],
)
def test_a_bad_option_is_a_usage_error(refused: Callable[..., str], options: list[str]) -> None:
    assert "Error: " in refused(*options)


def test_options_alone_mean_serve(run: Run) -> None:
    done = run("--port", "0", "--clock", "never")
    assert done.exit_code == 2
    assert done.stderr.startswith("mockserver: --clock: 'never' is not a valid ISO 8601 time")


@pytest.mark.parametrize("name", ["--reload", "--watch"])
def test_reloading_has_the_names_that_other_mocks_give_it(name: str) -> None:
    assert main.commands["serve"].make_context("serve", [name]).params["reload"] is True


@pytest.mark.parametrize(
    ("written", "meant"),
    [("world", "Did you mean 'worlds'?"), ("dance", "No such command 'dance'.")],
)
def test_an_unknown_command_is_answered_with_a_known_one(
    run: Run, written: str, meant: str
) -> None:
    assert meant in run(written).stderr


def test_help_shows_the_options_of_serving_and_every_command(run: Run) -> None:
    said = run("--help").stdout
    for word in ("--port", "--fault", "--log-format", "verify", "MOCKSERVER_RATE_LIMIT"):
        assert word in said


def test_a_port_that_is_no_number_is_called_so(run: Run) -> None:
    assert "'abc' is not a valid number" in run("--port", "abc").stderr
