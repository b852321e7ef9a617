import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.client.target import Tokens
from contract_tests.report.masking.data_mask import data_mask
from contract_tests.report.records.record import record
from contract_tests.report.records.setting import Setting
from contract_tests.run.options import RunOptions
from mockserver.contract.operations import Contract
from tests.support.fake_deployment import FakeDeployment, Serving
from tests.support.trial import run_at

Node = dict[str, Any]
TOKEN = "tok-5f1e9a77c0ffee"


class Planted(FakeDeployment):
    """Three faults: a filter ignored, a time without offset, a status not stored; and drift."""

    def selected(self, filters):
        return super().selected({k: v for k, v in filters.items() if k != "unassigned"})

    def item(self, ticket):
        row = super().item(ticket)
        if row["status"] == "closed":
            row["created_at"] = row["created_at"].removesuffix("+00:00")
        row["contact"] = {**row["contact"], "phone": "+32 3 000" if row["id"] % 2 else None}
        return {**row, "priority": {"level": 3}}

    def store(self, ticket, what, value, user=0):
        if what != "status":
            super().store(ticket, what, value, user)


def observe(fake: FakeDeployment, folder: Path, *, show_data: bool = False, seed: int = 0) -> Node:
    """Run the quick profile, writes included, and return its record."""
    fake.tokens = {TOKEN: 5}
    with Serving(fake) as url:
        wanted = RunOptions(profile="quick", seed=seed)
        outcome = run_at(url, wanted, folder, tokens=Tokens(TOKEN))
        command = ("contract-tests", "--profile", "quick", "--base-url", url)
        setting = Setting(url, data_mask([TOKEN], show_data=show_data), command=command)
        return record(outcome, setting)


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.load().page


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """The record of a run against the three planted faults."""
    return observe(Planted(), tmp_path_factory.mktemp("undo"))


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Node:
    return observe(FakeDeployment(), tmp_path_factory.mktemp("undo"))


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Node, str], Path]:
    """Write a record to a file of a name."""

    def save(record: Node, name: str = "record.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(record), encoding="utf-8")
        return path

    return save
