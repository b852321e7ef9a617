"""The context of writes: who we are, who can be assigned, and who else is at work."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from contract_tests.laws.updates.activity_log import is_of_others
from contract_tests.observations.history import History, who_am_i
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Detail
from contract_tests.observations.write import Write, read_write


@dataclass(frozen=True)
class WriteContext:
    """What all written tickets are judged by.

    `members` are people who can be assigned for sure: one who is only seen as an assignee may
    have left.
    """

    me: int | None
    members: set[Any]
    changed_meanwhile: bool
    pages: dict[int, Page]
    """The lists, by the number of their exchange."""
    details: dict[int, Detail]
    """The latest detail of each ticket."""
    changed_here: bool = False
    """True when the log of the ticket tells of somebody else."""

    @classmethod
    def of(cls, history: History) -> "WriteContext":
        me = who_am_i(history)
        assigned = ((read_write(e.request), e) for e in history.writes if e.successful)
        members = {w.value for w, e in assigned if w and w.valid and e.request.who == "main"}
        return cls(
            me,
            members | {me},
            history.changed_meanwhile,
            {page.number: page for page in history.pages},
            {detail.id: detail for detail in history.details},
        )

    def of_ticket(self, history: History, ticket: int) -> "WriteContext":
        """Return the same for a ticket that somebody else may have been at."""
        others = _others_were_at(history, ticket, self.me)
        meanwhile = self.changed_meanwhile or others
        return replace(self, changed_here=others, changed_meanwhile=meanwhile)

    def may_refuse(self, write: Write) -> bool:
        """True for what the page leaves open, and for somebody who may have left."""
        is_person = write.field == "assignee" and write.value is not None
        return write.free or (is_person and write.value not in self.members)


def _others_were_at(history: History, ticket: int, me: int | None) -> bool:
    """True when the ticket's own log tells of somebody else during the run."""
    sent = (e.number for e in history.writes if (w := read_write(e.request)) and w.ticket == ticket)
    numbers = list(sent)
    return any(
        is_of_others(before, after, me, sum(before.number < n < after.number for n in numbers))
        for before, after in pairwise(d for d in history.details if d.id == ticket)
    )
