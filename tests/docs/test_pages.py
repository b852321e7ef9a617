"""README.md and docs/: outputs are current; commands, options, files and headings exist."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from click import Group
from click.testing import CliRunner

from contract_tests.cli.command_group import main as contract_tests
from contract_tests.proving import kill_table
from mockserver.server.cli import main as mockserver
from tests.support.console import blocks
from tests.support.readme import PAGES, README, SECTIONS, current

COMMANDS = {"mockserver": mockserver, "contract-tests": contract_tests}
RATES = Path(kill_table.__file__).with_name("kill_rates.yaml")
FOREIGN = {"--config-file", "--data-binary", "--header", "--csv"}
"""Options of curl, of schemathesis, and of the report that docs/extending.md adds."""


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_outputs_and_generated_tables_are_current(page: str) -> None:
    text = PAGES[page].read_text()
    assert text == current(text), "rewrite it with `python -m tests.support.readme`"


def test_every_generated_table_is_on_one_page() -> None:
    text = "".join(path.read_text() for path in PAGES.values())
    assert {name: text.count(f"<!-- {name} -->\n") for name in SECTIONS} == dict.fromkeys(
        SECTIONS, 1
    )


def unrun_commands() -> list[str]:
    """Return the commands of this product that are shown but not run, also those of workflows."""
    found = []
    for path in PAGES.values():
        for block in blocks(path.read_text()):
            if block.language == "sh" and not block.is_run:
                found += block.commands
            if block.language == "yaml" and "runs-on" in block.text:
                found += workflow_commands(block.text)
    return [command for command in found if command.split()[0] in COMMANDS]


def workflow_commands(text: str) -> list[str]:
    workflow = yaml.safe_load(text)
    return [
        step["run"].split(" > ")[0]
        for job in workflow["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]


@pytest.mark.parametrize("command", unrun_commands())
def test_a_command_that_is_not_run_has_only_options_that_exist(command: str) -> None:
    program, *words = shlex.split(command)
    done = CliRunner().invoke(COMMANDS[program], [*words, "--help"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("page", PAGES)
def test_every_option_in_the_text_exists(page: str) -> None:
    text = re.sub(r"^```.*?^```$", "", PAGES[page].read_text(), flags=re.MULTILINE | re.DOTALL)
    ours = [code for code in re.findall(r"`([^`]+)`", text) if is_ours(code)]
    named = {option for code in ours for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", code)}
    assert named - FOREIGN <= options(mockserver) | options(contract_tests)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_or_a_heading(page: str) -> None:
    folder = PAGES[page].parent
    for link in re.findall(r"\]\((?!http)([^)]+)\)", PAGES[page].read_text()):
        name, _, heading = link.partition("#")
        target = folder / name if name else PAGES[page]
        assert target.exists(), link
        assert not heading or heading in headings(target.read_text()), link


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_installed_by_a_name_that_an_index_may_give_to_others(page: str) -> None:
    for command in re.findall(r"pip install [^\n`]+", PAGES[page].read_text()):
        assert "there-there" not in command


def test_the_readme_is_short_and_links_every_page() -> None:
    text = README.read_text()
    assert len(text.encode()) <= 12_000
    assert [page for page in PAGES if page != "README.md" and f"({page})" not in text] == []


def test_the_kill_table_agrees_with_the_committed_rates() -> None:
    rows = re.findall(
        r"^\| (\w+) \| (\d+) of (\d+) \| (\d+) of (\d+) \|", shown_rates(), re.MULTILINE
    )
    shown = {
        profile: {"reading": int(a) / int(b), "writing": int(c) / int(d)}
        for profile, a, b, c, d in rows
    }
    for profile, rates in kill_table.committed(RATES).items():
        assert shown[profile] == pytest.approx(rates, abs=0.001), profile


def shown_rates() -> str:
    return PAGES["docs/qa.md"].read_text().partition("<!-- kills -->")[2]


def is_ours(code: str) -> bool:
    return code.startswith(("--", *COMMANDS))


def headings(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


def options(command: object) -> set[str]:
    commands = command.commands.values() if isinstance(command, Group) else ()
    own = {opt for p in command.params for opt in (*p.opts, *p.secondary_opts)}  # type: ignore[attr-defined]
    return own.union(*(options(c) for c in commands)) | {"--help", "--version"}
