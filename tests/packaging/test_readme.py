"""README.md keeps its word: the parts the product writes are current, and its commands exist."""

import re

import pytest
from click import Group

from contract_tests.cli import main as contract_tests
from mockserver.__main__ import main as mockserver
from tests.support.readme import README, SECTIONS, held


@pytest.mark.parametrize("name", SECTIONS)
def test_a_written_section_is_current(name: str) -> None:
    assert held(name) == SECTIONS[name](), "renew it with `python -m tests.support.readme`"


def test_every_option_it_names_exists() -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README.read_text()))
    known = _options(mockserver) | _options(contract_tests)
    foreign = {"--data-binary", "--config-file", "--header"}  # of curl, and of schemathesis
    assert named - foreign <= known


def test_every_file_it_names_exists() -> None:
    named = re.findall(r"\]\((?!http)([^)#]+)\)", README.read_text())
    assert named
    assert [path for path in named if not (README.parent / path).exists()] == []


def _options(command: object) -> set[str]:
    commands = command.commands.values() if isinstance(command, Group) else ()
    own = {opt for p in command.params for opt in (*p.opts, *p.secondary_opts)}  # type: ignore[attr-defined]
    return own.union(*(_options(c) for c in commands)) | {"--help", "--version"}
