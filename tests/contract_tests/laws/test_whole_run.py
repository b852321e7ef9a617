"""Faults that no single answer shows, only a look at all answers of a run."""

import pytest

import tests.support.broken_lists  # noqa: F401 - registers more
from tests.support.broken import BROKEN
from tests.support.standin import Standin, Strange
from tests.support.trial import order, run, said, violations

FAULTS = {
    "nothing_found_is_not_found": "list.answer",
    "nothing_found_is_no_content": "list.answer",
    "two_filters_are_refused": "list.answer",
    "tag_filter_is_refused": "list.filter.tag_ids",
    "updated_ten_years_from_now": "ticket.updated_at",
    "next_leads_to_another_host": "list.links.pages",
    "page_beyond_has_a_next_one": "list.links.pages",
    "long_threads_are_cut": "answer.json",
}
"""A fault of a deployment, and the statement that it breaks."""


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_the_statement_that_is_broken_is_named(name):
    found = violations(run(BROKEN[name](), order("standard")))

    assert FAULTS[name] in {finding.requirement for finding in found}


def test_a_body_that_always_ends_early_is_told_with_its_length():
    found = said(run(BROKEN["long_threads_are_cut"](), order("quick")))

    assert any("in 4 tries: the body ends at byte" in message for _, message in found)


def test_a_network_that_breaks_now_and_then_is_not_the_deployments_fault():
    assert violations(run(Standin(Strange(resets=3)), order("quick"))) == []
