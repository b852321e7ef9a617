"""docs/how-it-is-built.md: the files that it names exist and define what it says."""

import ast
import re

import pytest

from tests.support.console import ROOT

TEXT = (ROOT / "docs" / "how-it-is-built.md").read_text()
QUESTIONS = re.findall(r"^\| (.+?\?) \| `(.+?)` \| `(\w+)` \|$", TEXT, re.MULTILINE)
STEPS = re.findall(r"^\| (\d+ \w[\w ]*?) \| .+ \| `(.+?\.py)` \| `(\w+)` \|$", TEXT, re.MULTILINE)


def defined_names(module: str) -> set[str]:
    """Return the names of the functions, classes and module variables of a file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def test_the_questions_are_answered_and_the_steps_of_a_run_named() -> None:
    assert len(QUESTIONS) >= 5
    assert len(STEPS) == 11


@pytest.mark.parametrize(("question", "file", "name"), QUESTIONS, ids=[q[0] for q in QUESTIONS])
def test_the_file_defines_the_name(question: str, file: str, name: str) -> None:
    assert name in defined_names((ROOT / file).read_text())


@pytest.mark.parametrize(("step", "file", "name"), STEPS, ids=[step[0] for step in STEPS])
def test_the_file_of_a_step_defines_the_name(step: str, file: str, name: str) -> None:
    assert name in defined_names((ROOT / "contract_tests" / file).read_text())


@pytest.mark.parametrize("file", sorted(set(re.findall(r"`([\w/]+/\w+\.py)`", TEXT))))
def test_the_file_exists(file: str) -> None:
    folders = (ROOT, ROOT / "mockserver", ROOT / "contract_tests")
    assert any((folder / file).is_file() for folder in folders)
