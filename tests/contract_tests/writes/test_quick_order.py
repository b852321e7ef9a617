"""Quick writes to two tickets between its reading requests, and leaves them as they were."""

from itertools import pairwise

import pytest
from flask import request

from contract_tests.client.budget import limit_of
from contract_tests.observations.write import STATUSES, read_write
from tests.support.broken import Registry, registering
from tests.support.fake_deployment import FakeDeployment, FakeOptions, iso
from tests.support.trial import run, run_options, said, violations

BROKEN: Registry = {}
broken = registering(BROKEN)


@broken("store")
def closing_closes_the_neighbours(self, honest, ticket, what, value, user=0):
    honest(ticket, what, value, user)
    if (what, value) == ("status", "closed"):
        place = self.tickets.index(ticket)
        for other in (self.tickets[place - 1], self.tickets[place - 2]):
            other["status"], other["updated_at"] = value, ticket["updated_at"]


@broken("selected")
def reopened_tickets_stay_among_the_closed(self, honest, filters):
    """The index of a status forgets no ticket that was written."""
    was = self.__dict__.setdefault("was", {t["id"]: t["status"] for t in self.tickets})
    now = [t for t in self.tickets if t["status"] != was[t["id"]] == filters.get("status")]
    return honest(filters) + [ticket for ticket in now if ticket not in honest(filters)]


@broken("update")
def an_unknown_status_dates_the_ticket(self, honest, name, what):
    try:
        return honest(name, what)
    finally:
        ticket = self.find(name)
        body = request.get_json(silent=True, force=True) or {}
        if what == "status" and body.get("status") not in STATUSES:
            ticket["updated_at"] = iso(self.tick())


SEEN = {
    "closing_closes_the_neighbours": "update.alone",
    "reopened_tickets_stay_among_the_closed": "list.filter.status",
    "an_unknown_status_dates_the_ticket": "status.refused",
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """What quick sees of an honest deployment."""
    return run(FakeDeployment(), run_options("quick"), tmp_path_factory.mktemp("honest"))


@pytest.fixture(scope="module")
def writes(outcome):
    exchanges = outcome.history.exchanges
    return [(e, w) for e in exchanges if (w := read_write(e.request)) and e.status == 200]


def test_a_list_comes_between_any_two_changes_of_one_tickets_status(outcome, writes):
    changes = [(e, w) for e, w in writes if w.field == "status"][1:]
    lists = [page.number for page in outcome.history.pages]

    for ticket in {write.ticket for _, write in changes}:
        numbers = [e.number for e, w in changes if w.ticket == ticket]
        assert len(numbers) >= 3
        for before, after in pairwise(numbers):
            assert any(before < number < after for number in lists)


def test_every_change_of_status_is_made_and_both_tickets_end_as_they_began(outcome, writes):
    made = set()
    for ticket in {write.ticket for _, write in writes}:
        first = outcome.history.observations[ticket][0].row["status"]
        values = [first, *(w.value for _, w in writes if (w.ticket, w.field) == (ticket, "status"))]
        made |= {change for change in pairwise(values) if len(set(change)) == 2}
        assert values[-1] == first
    assert len(made) == 6


def test_the_undo_counts_among_the_requests_of_the_profile(outcome):
    assert len(outcome.history.exchanges) <= (limit_of("quick", writes=True) or 0)
    assert {result.outcome for result in outcome.restored} == {"restored"}


@pytest.mark.parametrize("most", [12, 20, 30, 40])
def test_a_run_with_few_requests_puts_the_tickets_back(most, tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=40))
    before = [(t["id"], t["status"], t["assignee"]) for t in fake.tickets]

    outcome = run(fake, run_options("quick", max_requests=most), tmp_path)

    assert said(outcome) == []
    assert [(t["id"], t["status"], t["assignee"]) for t in fake.tickets] == before


@pytest.mark.parametrize("name", SEEN)
def test_quick_finds_the_defect_and_names_its_statement(name, tmp_path):
    found = violations(run(BROKEN[name](), run_options("quick"), tmp_path))

    assert SEEN[name] in {finding.requirement for finding in found}
