"""Thirty nightly runs against a deployment that changes: `python -m tests.support.nights FOLDER`.

A fault comes and stays, another is mended, a third shows now and then, and one week is slow.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contract_tests.report.history.run_line import append, line_of
from contract_tests.report.masking.data_mask import data_mask
from contract_tests.report.records.record import record
from contract_tests.report.records.setting import Setting
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import run_at, run_options

FIRST = datetime(2026, 11, 1, 2, 30, tzinfo=UTC)
COMES, MENDED, FLAKY = 12, 9, (4, 5, 15, 22, 23)
"""The nights from which, and until which, a fault shows."""
SLOW = range(16, 23)


class Changing(FakeDeployment):
    """A deployment in one of the nights."""

    night = 0

    def selected(self, filters):
        lost = {"unassigned"} if self.night >= COMES else set()
        lost |= {"tag_ids"} if self.night < MENDED else set()
        return super().selected({k: v for k, v in filters.items() if k not in lost})

    def item(self, ticket):
        row = super().item(ticket)
        if self.night in FLAKY:
            row["created_at"] = row["created_at"].removesuffix("+00:00")
        return row


def run_night(night: int, folder: Path) -> None:
    """Check the deployment of a night and keep its line."""
    fake = Changing(FakeOptions(tickets=60, latency=0.025 if night in SLOW else 0.003))
    fake.night = night
    with Serving(fake) as url:
        outcome = run_at(url, run_options("quick"))
        found = record(outcome, Setting("https://helpdesk.example", data_mask()))
    when = FIRST + timedelta(days=night)
    append(folder, replace(line_of(found), started=when.isoformat(timespec="seconds")))


if __name__ == "__main__":
    for number in range(30):
        run_night(number, Path(sys.argv[1]))
