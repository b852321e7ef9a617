"""What a vendor could break is found, by the statement that it breaks."""

import pytest

from tests.support.broken import BROKEN
from tests.support.fake_deployment import FakeDeployment
from tests.support.trial import run, run_options, violations

BLIND_SPOTS = {
    "status_filter_ignored": "list.filter.status",
    "sort_ignored": "list.sort.created_at",
    "paging_ignored": "list.paginated",
    "update_not_stored_but_answered": "status.listed",
    "contact_without_ulid": "ticket.contact",
}
"""What generated tests do not see (the last one they do), and the statement to be named."""


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_standard_finds_the_defect(name, tmp_path):
    if violations(run(BROKEN[name](), run_options("quick"), tmp_path / "quick")):
        return
    assert violations(run(BROKEN[name](), run_options("standard"), tmp_path / "standard"))


@pytest.mark.parametrize("name", BLIND_SPOTS)
def test_quick_finds_the_blind_spots_of_generated_tests(name, tmp_path):
    found = violations(run(BROKEN[name](), run_options("quick"), tmp_path))

    assert BLIND_SPOTS[name] in {finding.requirement for finding in found}


@pytest.mark.slow
def test_four_of_five_defects_show_in_fifty_five_requests(tmp_path):
    sample = list(BROKEN)[::4]
    found = [n for n in sample if violations(run(BROKEN[n](), run_options("quick"), tmp_path / n))]

    assert len(found) >= 0.8 * len(sample)


def test_a_defect_of_one_tickets_details_names_the_exchange(tmp_path):
    outcome = run(BROKEN["detail_is_stale"](), run_options("quick"), tmp_path)

    finding = next(f for f in violations(outcome) if f.requirement == "detail.agrees")

    paths = [outcome.history.exchange(n).request.path for n in finding.exchanges]
    assert any(path != "/api/tickets" for path in paths)


def test_a_broken_deployment_costs_no_more_requests(tmp_path):
    outcome = run(BROKEN["paging_ignored"](), run_options("quick"), tmp_path)

    assert len(outcome.history.exchanges) <= 55


def test_a_ticket_is_put_back_even_when_writes_go_astray(tmp_path):
    fake = BROKEN["closing_unassigns"]()
    before = {t["id"]: (t["status"], t["assignee"]) for t in fake.tickets}

    run(fake, run_options("quick"), tmp_path)

    assert {t["id"]: t["status"] for t in fake.tickets} == {k: v[0] for k, v in before.items()}


def test_the_stand_in_breaks_only_when_told():
    assert FakeDeployment not in BROKEN.values()
