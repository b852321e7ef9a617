"""Faults that no single answer shows, only a look at all answers of a run."""

import pytest

from tests.support.broken_lists import BROKEN
from tests.support.fake_deployment import FakeDeployment, FakeOptions
from tests.support.trial import run, run_options, said, violations

FAULTS = {
    "nothing_found_is_not_found": "list.answer",
    "nothing_found_is_no_content": "list.answer",
    "two_filters_are_refused": "list.answer",
    "tag_filter_is_refused": "list.filter.tag_ids",
    "updated_ten_years_from_now": "ticket.updated_at",
    "next_leads_to_another_host": "list.links.pages",
    "page_beyond_has_a_next_one": "list.links.pages",
    "long_threads_are_cut": "answer.json",
    "late_in_a_run_the_log_is_lost": "detail.agrees",
    "an_unknown_filter_removes_the_others": "list.filter.status",
    "filters_after_the_sort_are_lost": "list.filter.status",
    "search_and_status_are_alternatives": "list.filter.status",
    "a_hit_in_a_message_needs_no_other_filter": "list.filter.status",
    "lists_have_two_values_at_most": "list.filter.tag_ids.values",
    "an_id_that_does_not_exist_empties_the_list": "list.filter.channel_ids.values",
    "letters_after_an_id_are_ignored": "detail.missing",
    "ids_have_32_bits": "answer.no_server_error",
    "page_numbers_have_64_bits": "answer.no_server_error",
    "searches_find_some_others_too": "list.filter.search",
}
"""A fault of a deployment, and the statement that it breaks."""


class EvenTimes(FakeDeployment):
    """Two tickets have each time of creation, and equal ones change places on every other page."""

    def ticket(self, n):
        made = super().ticket(n)
        return {**made, "created_at": made["created_at"][:14] + "00:00+00:00"}

    def changes_places(self):
        return self.page() % 2 == 0

    def ordered(self, tickets, sorts):
        mixed = sorted(tickets, key=lambda t: t["id"], reverse=self.changes_places())
        name, down = sorts[0].lstrip("-"), sorts[0].startswith("-")
        return sorted(mixed, key=lambda t: self.key(t, name), reverse=down)


class OtherOrderEachTime(EvenTimes):
    """Equal ones change places from request to request."""

    def changes_places(self):
        return len(self.requests) % 2 == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_the_statement_that_is_broken_is_named(name):
    found = violations(run(BROKEN[name](), run_options("standard")))

    assert FAULTS[name] in {finding.requirement for finding in found}


def test_a_body_that_always_ends_early_is_told_with_its_length():
    found = said(run(BROKEN["long_threads_are_cut"](), run_options("quick")))

    assert any("in 4 tries: the body ends at byte" in message for _, message in found)


def test_a_network_that_breaks_now_and_then_is_not_the_deployments_fault():
    assert violations(run(FakeDeployment(FakeOptions(resets=3)), run_options("quick"))) == []


@pytest.mark.slow
@pytest.mark.parametrize("deployment", [EvenTimes, OtherOrderEachTime])
def test_tickets_of_equal_times_have_a_fixed_order(deployment):
    found = violations(run(deployment(), run_options("standard")))

    assert "list.paginated" in {finding.requirement for finding in found}
