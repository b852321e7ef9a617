"""Files and terminal: whole files or none, no control characters, no foreign pytest options."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract_tests.cli.command_group import main
from contract_tests.report.files import write_text
from tests.support.broken import BROKEN
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving

CONTROLS = "\ud800 \x1b[31mred \x07 \x9b31m \u202e \x00 ]]> <script>"


class OddTexts(FakeDeployment):
    """Shows control characters and a lone surrogate in values and names."""

    def item(self, ticket):
        return {**super().item(ticket), "subject": CONTROLS, "status": CONTROLS, CONTROLS: 1}


class InvalidUtf8(FakeDeployment):
    def json(self, body, status, headers=None):
        response = super().json(body, status, headers)
        response.data = response.data.replace(b'"open"', b'"op\xff\x1b[31m"')
        return response


def run(url, folder, *arguments, **variables):
    environment = {**os.environ, "CONTRACT_TOKEN": "jane", "XDG_STATE_HOME": str(folder / "state")}
    command = [sys.executable, "-m", "contract_tests", "--base-url", url, "--profile", "quick"]
    return subprocess.run(
        [*command, *map(str, arguments)],
        env={**environment, **variables}, capture_output=True, check=False, cwd=folder,
    )  # fmt: skip


def controls(output: bytes) -> set[str]:
    text = output.decode("utf-8", "surrogateescape")
    return {c for c in text if (not c.isprintable() and c != "\n") or c == "\u202e"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", [OddTexts, InvalidUtf8])
def test_no_text_of_a_response_stops_a_report_or_reaches_the_terminal_raw(kind, tmp_path):
    names = ("json", "html", "junit", "sarif", "markdown", "overlay")
    reports = [word for name in names for word in (f"--{name}", tmp_path / name)]
    with Serving(kind(FakeOptions(tickets=30))) as url:
        done = run(url, tmp_path, *reports, "--write-tickets", "any", GITHUB_ACTIONS="true")

    assert done.returncode == 1, done.stderr
    assert controls(done.stdout) == set()
    assert controls(done.stderr) == set()
    assert b"\nVIOLATED" in b"\n" + done.stdout
    written = {path.name for path in tmp_path.iterdir()}
    assert set(names) - {"overlay"} <= written
    assert not [name for name in written if name.startswith(".")]
    again = [sys.executable, "-m", "contract_tests", "report", str(tmp_path / "json")]
    assert subprocess.run(again, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--json", "/read-only"), "--json /read-only: / cannot be written"),
        (("--json", "a", "--html", "a"), "--json and --html both name a"),
    ],
    ids=["read-only", "one file twice"],
)
def test_an_output_that_cannot_be_written_is_told_before_anything_is_sent(
    options, fault, monkeypatch
):
    monkeypatch.setattr("os.access", lambda path, _: path != Path("/"))  # root may write anywhere
    fake = FakeDeployment()
    with Serving(fake) as url:
        done = CliRunner().invoke(main, ["--base-url", url, "--token", "jane", *options])

    assert done.exit_code == 2
    assert fault in done.output
    assert fake.heard_methods == []


def test_a_full_disk_is_named_and_the_verdict_is_printed(tmp_path):
    with Serving(FakeDeployment(FakeOptions(tickets=5))) as url:
        done = run(url, tmp_path, "--json", "/dev/full", "--markdown", tmp_path / "report.md")

    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "contract-tests: cannot write --json /dev/full: No space left on device"
    ]
    assert b"CONFORMING" in done.stdout
    assert (tmp_path / "report.md").exists()


def test_a_file_that_cannot_be_written_whole_keeps_its_old_content(tmp_path):
    file = tmp_path / "report.json"
    file.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        write_text(file, "half" * 10_000 + "\ud800")

    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_written_file_keeps_its_mode_and_its_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")

    write_text(tmp_path / "link", "new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640


@pytest.mark.slow
def test_pytest_shows_a_test_for_each_statement_whatever_settings_the_user_has(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('not ours')\n")
    settings = {"PYTEST_ADDOPTS": "--maxfail=1 -k nothing", "PYTEST_PLUGINS": "no_such_plugin"}
    with Serving(BROKEN["sort_ignored"](FakeOptions(tickets=30))) as url:
        done = run(url, tmp_path, "--", "-q", "-k", "created_at or test_run", **settings)

    assert done.returncode == 1, done.stderr
    assert b"FAILED" in done.stdout
    assert b"list.sort.created_at" in done.stdout
    assert b"passed" in done.stdout


@pytest.mark.parametrize(
    ("streams", "status"),
    [("| true", 141), ("<&- >&- 2>&-", 0)],
    ids=["closed early", "no streams"],
)
def test_reports_are_written_whoever_reads_the_output(streams, status, tmp_path):
    with Serving(FakeDeployment(FakeOptions(tickets=5))) as url:
        command = f"{sys.executable} -m contract_tests --base-url {url} --profile quick"
        subprocess.run(
            ["sh", "-c", f"( {command} --json run.json; echo $? > status ) {streams}"],
            env={**os.environ, "CONTRACT_TOKEN": "jane"}, capture_output=True, check=False,
            cwd=tmp_path,
        )  # fmt: skip

    assert (tmp_path / "status").read_text().strip() == str(status)
    assert json.loads((tmp_path / "run.json").read_text())["verdict"] == "conforming"


def test_reports_that_show_data_are_for_the_user_alone(tmp_path):
    with Serving(FakeDeployment(FakeOptions(tickets=5))) as url:
        run(url, tmp_path, "--json", "record.json", "--html", "report.html", "--show-data")

    modes = {path.stat().st_mode & 0o777 for path in tmp_path.glob("re*.*")}
    assert modes == {0o600}


class Accented(FakeDeployment):
    def item(self, ticket):
        return {**super().item(ticket), "größeλ": 1}


def test_characters_that_the_terminal_has_not_are_escaped(tmp_path):
    with Serving(Accented(FakeOptions(tickets=30))) as url:
        done = run(url, tmp_path, PYTHONIOENCODING="latin-1")

    assert done.returncode == 0, done.stderr
    assert b"gr\xf6\xdfe\\u03bb" in done.stdout
