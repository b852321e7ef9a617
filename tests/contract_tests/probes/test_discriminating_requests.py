"""Each request is worth its price: what a deployment could lose, some request would show."""

from itertools import permutations

import pytest

from tests.support import broken, broken_threads
from tests.support.fake_deployment import FakeDeployment, FakeOptions
from tests.support.trial import run, run_options, violations

BROKEN = broken.BROKEN | broken_threads.BROKEN
FILTERS = ("status", "channel_ids", "tag_ids", "search", "unassigned", "assigned_to_me")


def asked_together(outcome):
    """Return every pair of filters that some list request carried."""
    queries = [dict(e.request.query) for e in outcome.history.exchanges if e.status == 200]
    named = [[name[7:-1] for name in query if name.startswith("filter[")] for query in queries]
    return {pair for names in named for pair in permutations(names, 2)}


@pytest.mark.slow
def test_every_filter_is_asked_for_beside_every_other_one():
    outcome = run(FakeDeployment(), run_options("standard"))

    due = set(permutations(FILTERS, 2))
    due -= set(permutations(("unassigned", "assigned_to_me"), 2))  # nobody's are never mine
    assert due <= asked_together(outcome)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "statement"),
    {
        "closed_tickets_are_not_found": "detail.answer",
        "lists_forget_a_ticket": "list.paginated",
        "one_ticket_in_thirty_missing": "list.filter.status.values",
        "links_lead_elsewhere": "list.links.pages",
        "later_pages_are_one_short": "list.per_page",
        "tokens_have_no_case": "access.required",
        "any_word_before_the_token": "access.unauthenticated",
        "details_begin_with_a_mark": "answer.json",
        "unassigned_is_forgotten_beside_a_status": "list.filter.unassigned",
        "search_for_zero_is_none": "list.filter.search",
        "search_needs_four_letters": "list.filter.search.case",
        "search_takes_the_first_word_only": "list.filter.search",
        "answers_are_from_the_contact": "detail.messages.sender",
        "messages_are_two_hours_late": "detail.messages.times",
        "activities_are_ten_years_old": "detail.activities.times",
        "emoji_become_question_marks_in_lists": "detail.agrees",
        "unknown_paths_are_a_page": "answer.json",
    }.items(),
)
def test_the_statement_that_is_broken_is_named(name, statement):
    found = violations(run(BROKEN[name](), run_options("standard")))

    assert statement in {finding.requirement for finding in found}


def test_rows_that_are_lost_are_no_sign_of_others_at_work():
    outcome = run(BROKEN["later_pages_are_one_short"](), run_options("quick"))

    assert not outcome.history.changed_meanwhile


@pytest.mark.slow
def test_something_is_left_to_read_again_after_the_writes(tmp_path):
    fake = BROKEN["later_pages_are_one_short"](FakeOptions(busy=1.0))

    outcome = run(fake, run_options("standard"), tmp_path)

    assert outcome.history.changed_meanwhile
    assert "list.per_page" in {finding.requirement for finding in violations(outcome)}
    assert len(outcome.history.exchanges) <= 260


@pytest.mark.slow
def test_what_our_changes_log_tells_whose_tickets_are_mine(tmp_path):
    outcome = run(BROKEN["mine_are_a_colleagues"](), run_options("standard"), tmp_path)

    assert "current_user.same_person" in {finding.law for finding in violations(outcome)}
