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
BEYOND_QUICK = {
    *("false_means_true", "search_for_zero_is_none", "search_needs_four_letters"),
    *("tags_are_forgotten_beside_a_channel", "any_word_before_the_token"),
    "writing_needs_no_rights",
}
"""What quick does not see when it writes, too; the requests of standard are needed for it."""


def _quick_ones():
    """Yield every other defect; `slow` are all but the blind spots."""
    for name in BROKEN:
        if name not in BEYOND_QUICK:
            yield pytest.param(name, marks=[] if name in BLIND_SPOTS else [pytest.mark.slow])


@pytest.mark.parametrize("name", [*_quick_ones()])
def test_quick_finds_the_defect(name, tmp_path):
    outcome = run(BROKEN[name](), run_options("quick"), tmp_path)
    found = {finding.requirement for finding in violations(outcome)}

    assert found
    assert BLIND_SPOTS.get(name) in {None, *found}
    assert len([e for e in outcome.history.exchanges if e.phase != "undo"]) <= 55


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BEYOND_QUICK))
def test_standard_finds_the_defect(name, tmp_path):
    assert violations(run(BROKEN[name](), run_options("standard"), tmp_path))


def test_four_of_five_defects_show_in_fifty_five_requests():
    assert len(BEYOND_QUICK) <= 0.2 * len(BROKEN)


def test_a_defect_of_one_tickets_details_names_the_exchange(tmp_path):
    outcome = run(BROKEN["detail_is_stale"](), run_options("quick"), tmp_path)

    finding = next(f for f in violations(outcome) if f.requirement == "detail.agrees")

    paths = [outcome.history.exchange(n).request.path for n in finding.exchanges]
    assert any(path != "/api/tickets" for path in paths)


def test_a_ticket_is_put_back_even_when_writes_go_astray(tmp_path):
    fake = BROKEN["closing_unassigns"]()
    before = {t["id"]: (t["status"], t["assignee"]) for t in fake.tickets}

    run(fake, run_options("quick"), tmp_path)

    assert {t["id"]: t["status"] for t in fake.tickets} == {k: v[0] for k, v in before.items()}


def test_the_stand_in_breaks_only_when_told():
    assert FakeDeployment not in BROKEN.values()
