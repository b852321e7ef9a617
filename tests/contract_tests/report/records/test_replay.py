"""An exchange that is read back from a record is judged as it was in the run."""

from dataclasses import replace

import pytest

from contract_tests.observations.exchange import Exchange, get
from contract_tests.observations.history import History
from contract_tests.report.masking.data_mask import data_mask
from contract_tests.report.records import record
from contract_tests.report.records.replay import exchanges
from contract_tests.report.records.setting import Setting
from contract_tests.run.options import RunOptions
from contract_tests.run.outcome import Outcome

UNAVAILABLE = Exchange(1, get("/api/tickets"), 503, started=1.0)


@pytest.mark.parametrize("change", [{"repeated": True}, {"unread": True}, {"cut": "too large"}, {}])
def test_what_kept_a_response_from_being_judged_is_kept(contract, change):
    history = History(contract)
    history.add(replace(UNAVAILABLE, **change))
    made = record.record(Outcome(RunOptions(), history), Setting("http://localhost", data_mask()))
    found = exchanges(made)[0]

    assert (found.repeated, found.unread, found.cut) == (
        change.get("repeated", False),
        change.get("unread", False),
        change.get("cut", ""),
    )
    assert found.answered is not bool(change.get("repeated") or change.get("unread"))
