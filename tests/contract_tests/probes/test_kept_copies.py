"""Copies that caches keep, orders that differ downwards, and other faults that one request tells.

What is asked for again, and by whom, is chosen so that no request more is needed.
"""

from itertools import product

import pytest
from flask import request

from contract_tests.observations.history import who_am_i
from contract_tests.observations.ticket import moment
from contract_tests.probes.repetitions import tie_border
from contract_tests.writes.ticket_writer import _related
from tests.support.broken import Registry, registering
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Refusal
from tests.support.trial import run, run_options, violations

BROKEN: Registry = {}
broken = registering(BROKEN)


@broken("authenticate")
def refusals_are_kept(self, honest):
    """After one refusal, the same address is refused to everybody."""
    kept = self.__dict__.setdefault("kept", set())
    if request.full_path in kept:
        raise Refusal(401, {"message": "Unauthenticated."})
    try:
        honest()
    except Refusal:
        kept.add(request.full_path)
        raise


@broken("elsewhere")
def details_are_copies_for_anyone(self, honest):
    if (ticket := request.path.rpartition("/")[2]).isdigit():
        read = sum(("GET", f"{request.path}?") == each for each in self.requests)
        if read > 1:
            return self.detail(ticket)
    return honest()


@broken("detail")
def details_are_copies_until_a_status_changes(self, honest, name):
    copies = self.__dict__.setdefault("copies", {})
    key = name, *(ticket["status"] for ticket in self.tickets)
    return copies.setdefault(key, honest(name))


@broken("listing")
def lists_of_statuses_are_copies(self, honest):
    copies = self.__dict__.setdefault("lists", {})
    return copies.setdefault(request.full_path, honest()) if "status" in request.url else honest()


@broken("ordered")
def activity_downwards_is_the_update(_, honest, tickets, sorts):
    return honest(tickets, ["-updated_at" if s == "-last_activity_at" else s for s in sorts])


@broken("matches")
def the_third_tag_does_not_count(_, honest, ticket, name, value):
    two = ",".join(value.split(",")[:2])
    return honest(ticket, name, two if name == "tag_ids" else value)


@broken("listing")
def sizes_share_a_copy(self, honest):
    copies = self.__dict__.setdefault("pages", {})
    rest = sorted((name, value) for name, value in request.args.items() if name != "per_page")
    writes = sum(method == "PUT" for method, _ in self.requests)
    return copies.setdefault((*rest, writes), honest())


@broken("listing")
def results_end_at_a_hundred(self, honest):
    if self.size() * (self.page() - 1) >= 100:
        raise Refusal(400, {"message": "Result window is too large."})
    return honest()


QUICK = {
    "refusals_are_kept": "access.accepted",
    "details_are_copies_for_anyone": "access.workspace",
    "details_are_copies_until_a_status_changes": "assignee.stored",
    "lists_of_statuses_are_copies": "list.filter.combined",
    "activity_downwards_is_the_update": "list.sort.last_activity_at",
    "the_third_tag_does_not_count": "list.filter.tag_ids.values",
}
STANDARD = {"sizes_share_a_copy": "list.per_page", "results_end_at_a_hundred": "list.answer"}


@pytest.mark.parametrize("name", QUICK)
def test_quick_finds_the_defect_and_names_its_statement(name, tmp_path):
    found = violations(run(BROKEN[name](), run_options("quick"), tmp_path))

    assert QUICK[name] in {finding.requirement for finding in found}


@pytest.mark.slow
@pytest.mark.parametrize("name", STANDARD)
def test_standard_finds_the_defect_and_names_its_statement(name):
    found = violations(run(BROKEN[name](), run_options("standard")))

    assert STANDARD[name] in {finding.requirement for finding in found}


def test_who_we_are_is_known_though_few_tickets_are_ours():
    fake = FakeDeployment(FakeOptions(tickets=60))
    for ticket in [t for t in fake.tickets if (t["assignee"] or {}).get("id") == 5][3:]:
        ticket["assignee"] = fake.users[-1]

    outcome = run(fake, run_options("quick"))

    assert who_am_i(outcome.history) == 5


@pytest.mark.parametrize(
    "equal", [[1, 2], [7], [18], [3, 3, 3], [1, 1, 5, 1, 1, 1, 9], [40, 2], [1, 30, 1]]
)
def test_where_ties_turn_on_even_pages_a_ticket_stands_on_both(equal):
    minutes = [minute for minute, count in enumerate(equal) for _ in range(count)]
    rows = [{"id": n, "created_at": _time(minute)} for n, minute in enumerate(minutes)]

    border = tie_border(rows, "created_at")

    assert border is not None
    size, page = border
    turned = {
        number: sorted(rows, key=lambda r, n=number: (r["created_at"], r["id"] * (-1) ** n))
        for number in (page, page + 1)
    }
    first, second = (found[size * (n - 1) :][:size] for n, found in turned.items())
    assert {row["id"] for row in first} & {row["id"] for row in second}


def test_without_equal_times_there_is_no_border():
    rows = [{"id": n, "created_at": _time(n)} for n in range(9)]

    assert tie_border(rows, "created_at") is None
    assert moment(rows[0]["created_at"])


def test_related_tickets_have_contact_and_channel_in_common_and_another_status():
    known = product((1, 2), (7, 8), ("open", "open"))
    rows = [
        {"id": n, "contact": {"id": contact}, "channel": {"id": channel}, "status": status}
        for n, (contact, channel, status) in enumerate(known)
    ]
    rows[3]["status"] = "closed"

    assert _related(rows) == {2, 3}
    assert _related([{"id": 1, "contact": None, "channel": 3, "status": "open"}]) == set()


def _time(minute):
    return f"2026-03-02T09:{minute:02}:00+00:00"
