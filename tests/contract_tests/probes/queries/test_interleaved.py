"""The lists that quick reads between its writes: one request shows what several would."""

import pytest
from flask import request

from contract_tests.probes import chosen
from contract_tests.probes.plan import PROBES
from contract_tests.probes.queries.interleaved import _far_page
from contract_tests.probes.queries.unusual_terms import odd_phrases
from tests.support.broken import Registry, registering
from tests.support.fake_deployment import text_of
from tests.support.histories import detailed, history_of
from tests.support.trial import run, run_options, violations

BROKEN: Registry = {}
broken = registering(BROKEN)


@broken("key")
def last_activity_is_creation(_, honest, ticket, name):
    return honest(ticket, "created_at" if name == "last_activity_at" else name)


@broken("selected")
def status_and_unassigned_are_alternatives(self, honest, filters):
    both = {name: filters[name] for name in ("status", "unassigned") if name in filters}
    if len(both) < 2:
        return honest(filters)
    rest = {name: value for name, value in filters.items() if name not in both}
    either = [honest({**rest, name: value}) for name, value in both.items()]
    return [ticket for ticket in self.tickets if ticket in either[0] or ticket in either[1]]


@broken("listing")
def from_the_third_page_on_a_ticket_is_skipped(self, honest):
    body = honest()
    if self.page() > 2:
        body["data"] = body["data"][1:]
    return body


@broken("haystack")
def only_first_messages_are_searched(_, __, ticket):
    texts = [ticket["subject"], text_of(ticket["messages"][0]["body_html"])]
    return "\n".join(texts).lower()


@broken("update")
def a_charset_makes_a_body_unreadable(self, honest, name, what):
    if "charset" in request.headers.get("Content-Type", ""):
        self.invalid("user_id", "The user id field must be present.")
    return honest(name, what)


SEEN = {
    "last_activity_is_creation": "list.sort.last_activity_at",
    "status_and_unassigned_are_alternatives": "list.filter.status.values",
    "from_the_third_page_on_a_ticket_is_skipped": "list.per_page",
    "only_first_messages_are_searched": "list.filter.search.messages",
    "a_charset_makes_a_body_unreadable": "assignee.accepted",
}


@pytest.mark.parametrize("name", SEEN)
def test_quick_finds_the_defect_and_names_its_statement(name, tmp_path):
    found = violations(run(BROKEN[name](), run_options("quick"), tmp_path))

    assert SEEN[name] in {finding.requirement for finding in found}


def test_probes_for_writing_between_are_sent_by_no_other_run():
    between = {probe.name for probe in PROBES if probe.between is True}
    without = {probe.name for probe in PROBES if probe.between is False}
    writing = {probe.name for probe in chosen("quick", ("reading", "writing"))}
    reading = {probe.name for probe in chosen("quick", ("reading",))}

    assert between & writing == between
    assert without & reading
    assert not between & reading
    assert not without & writing


@pytest.mark.parametrize(
    ("members", "expected"),
    [(2, (10, 1)), (6, (2, 3)), (8, (2, 4)), (41, (11, 3)), (700, (100, 4))],
)
def test_a_far_page_is_full_and_last_or_the_one_before_the_last(members, expected):
    assert _far_page(members) == expected


def test_the_phrase_that_reveals_most_comes_first_and_in_other_case():
    bodies = ["Please call the office now", "Übrigens bitte an R&amp;D weiter", "Übrigens nicht."]
    details = [
        detailed({"id": n}, {"body_html": f"<p>{body}</p>"}) for n, body in enumerate(bodies)
    ]

    phrases = list(odd_phrases(history_of(*details).details))

    assert phrases[0] == "üBRIGENS BITTE"
    assert "AN r&d" in phrases
    assert "CALL THE OFFICE" in phrases
