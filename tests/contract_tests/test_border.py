"""The suite knows the contract, never the mock: of the mock it imports one package."""

import ast
from pathlib import Path

import contract_tests

MAY_IMPORT = "mockserver.contract."


def imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "mockserver":
            yield from (f"mockserver.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_the_suite_imports_nothing_of_the_mock_but_the_contract():
    files = list(Path(contract_tests.__file__).parent.rglob("*.py"))
    found = {name for file in files for name in imported(file) if name.startswith("mockserver")}

    assert found
    assert {name for name in found if not f"{name}.".startswith(MAY_IMPORT)} == set()
