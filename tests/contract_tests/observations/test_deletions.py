"""A ticket that others delete during a run is no violation, even in the middle of a walk."""

from dataclasses import dataclass

import pytest
from flask import request

from tests.support.fake_deployment import FakeDeployment
from tests.support.trial import run, run_options, said

NEWEST = 117
"""Index of a ticket that the first walk shows on its second page, and the last one on its first."""


def asks_for_second_page(sort):
    """Return whether the request is the second page of a walk over the whole list."""
    page = {"sort": sort, "per_page": "100", "page": "2"}
    return request.args.to_dict() == page


@dataclass
class Deleting(FakeDeployment):
    """Deletes a ticket in the middle of the walk that has this sort key."""

    sort: str = ""

    def listing(self):
        if len(self.tickets) == self.strange.tickets and asks_for_second_page(self.sort):
            del self.tickets[NEWEST]
        return super().listing()


class Losing(FakeDeployment):
    """Leaves a ticket out of the last walk's second page, and counts it all the same."""

    def listing(self):
        found = super().listing()
        if asks_for_second_page("-created_at"):
            del found["data"][0]
        return found


class CountingWhatIsLeft(FakeDeployment):
    """Counts the tickets of a page and of those after it."""

    def listing(self):
        found = super().listing()
        found["meta"]["total"] -= (self.page() - 1) * self.size()
        return found


@pytest.mark.parametrize("sort", ["created_at", "-created_at"])
def test_a_deletion_is_seen_and_accuses_nobody(sort):
    outcome = run(Deleting(sort=sort), run_options("quick"))

    assert [walk.whole for walk in outcome.history.walks].count(False) == 1
    assert said(outcome) == []
    assert outcome.history.changed_meanwhile


@pytest.mark.parametrize(
    ("broken", "statement"), [(Losing, "list.per_page"), (CountingWhatIsLeft, "list.meta.total")]
)
def test_what_a_list_loses_or_does_not_count_is_no_deletion(broken, statement):
    outcome = run(broken(), run_options("quick"))

    assert not outcome.history.changed_meanwhile
    assert statement in {requirement for requirement, _ in said(outcome)}
