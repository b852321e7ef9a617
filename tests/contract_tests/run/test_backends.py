"""The suite finds nothing to object to, whatever the mock keeps its state in."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from contract_tests.cli.command_group import main
from tests.support.harness import serving

BACKENDS: dict[str, Callable] = {
    "postgresql": lambda postgres: ("--database", postgres().url()),
    "no tickets": lambda _: ("--world", "empty"),
}


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_mock_keeps_the_contract(backend, request, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("CONTRACT_TOKEN", "jane")
    options = BACKENDS[backend](lambda: request.getfixturevalue("postgres"))
    with serving(*options) as mock:
        asked = ["--base-url", mock.url, "--profile", "standard", "--write-tickets", "any"]
        done = CliRunner().invoke(main, asked)

    assert done.exit_code == 0, done.output
