"""The command that runs the recording proxy."""

from importlib import import_module

import pytest
from click.testing import CliRunner

from contract_tests.cli.command_group import main


@pytest.mark.parametrize("report", [[], ["--json", "record.json"]])
def test_without_traffic_there_is_no_verdict(monkeypatch, tmp_path, report):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(import_module("contract_tests.cli.watch"), "_serve", lambda *_: None)

    done = CliRunner().invoke(main, ["watch", "--upstream", "http://127.0.0.1:9", *report])

    assert done.exit_code == 2
    assert "nothing to judge: no request of the API passed through" in done.output
    assert "CONFORMING" not in done.output
    assert list(tmp_path.iterdir()) == []
