"""What only the order of requests brings to light: one write that another undoes, rare faults."""

from itertools import groupby, pairwise

import pytest

from contract_tests.observations.write import read_write
from tests.support.broken_writes import BROKEN
from tests.support.fake_deployment import FakeDeployment, FakeOptions
from tests.support.trial import run, run_options, violations

SEEN = {
    "reopening_is_refused": "status.accepted",
    "assigning_reopens": "update.alone",
    "assigning_brings_back_the_old_status": "update.alone",
    "the_next_ticket_undoes_the_last": "status.stored",
    "late_writes_hit_the_neighbour_too": "update.alone",
    "one_status_filter_in_sixteen_is_lost": "list.filter.status",
}


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """What standard sees of an honest deployment."""
    return run(FakeDeployment(), run_options("standard"), tmp_path_factory.mktemp("honest")).history


@pytest.fixture(scope="module")
def exchanges(history):
    return history.exchanges


@pytest.fixture(scope="module")
def writes(exchanges):
    return [(e, w) for e in exchanges if (w := read_write(e.request)) and e.status == 200]


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEN)
def test_standard_finds_the_defect_and_names_its_statement(name, tmp_path):
    outcome = run(BROKEN[name](), run_options("standard"), tmp_path)

    assert SEEN[name] in {finding.requirement for finding in violations(outcome)}


@pytest.mark.slow
def test_a_ticket_that_tells_of_attachments_is_read():
    fake = BROKEN["attachments_double_a_message"](FakeOptions(tickets=310))
    fake.tickets[187]["subject"] = "Invoice attachments"

    found = violations(run(fake, run_options("standard")))

    assert "detail.messages.own" in {finding.requirement for finding in found}


def test_every_change_of_status_is_made(writes):
    made = set()
    for ticket in {write.ticket for _, write in writes}:
        values = [w.value for _, w in writes if (w.ticket, w.field) == (ticket, "status")]
        made |= {change for change in pairwise(values) if len(set(change)) == 2}

    assert len(made) == 6


def test_a_ticket_is_assigned_while_it_is_shut(history, writes):
    """And otherwise than it was at first, so that neither reopening nor an older copy can hide."""
    shut = "a status that assignments must not touch"
    first = next(write.ticket for exchange, write in writes if exchange.request.purpose == shut)
    mine = [write for _, write in writes if write.ticket == first]
    before = [a.value for a, b in pairwise(mine) if (a.field, b.field) == ("status", "assignee")]

    assert before[0] not in ("open", history.observations[first][0].row["status"])


def test_what_was_written_is_read_again_before_the_undo_and_the_whole_list_too(exchanges, writes):
    last = max(e.number for e, _ in writes if e.phase == "writing")
    after = [e.request for e in exchanges if e.number > last and e.phase == "writing"]

    assert {f"/api/tickets/{w.ticket}" for _, w in writes} <= {r.path for r in after}
    assert sum(r.parameters.get("sort") == "created_at" for r in after) == 2


def test_all_that_writing_takes_is_a_hundred_requests(exchanges):
    assert sum(e.phase in ("reading", "closing") for e in exchanges) <= 160
    assert sum(e.phase in ("writing", "undo") for e in exchanges) <= 108


def test_sixteen_lists_in_a_row_ask_for_some_statuses(exchanges):
    """What a deployment loses once in so many requests is then lost in one of them."""
    asked = [e.request.parameters.get("filter[status]", "") for e in exchanges]
    rows = [len(list(row)) for some, row in groupby(asked, lambda s: 0 < len(s) < 16) if some]

    assert max(rows) >= 16
