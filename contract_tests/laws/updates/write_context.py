"""The context of writes: who we are, who can be assigned, and who else is at work."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from contract_tests.laws.updates.activity_log import field_of, is_of_others, new_entries
from contract_tests.observations.history import History, who_am_i
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Detail, actor_of, assignee_id
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
        me = who_am_i(history) or _author(history)
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
    return any(
        is_of_others(before, after, me, sum(_writes_between(history, before, after), Counter()))
        for before, after in _pairs(history, ticket)
    )


def _pairs(history: History, ticket: int) -> Iterator[tuple[Detail, Detail]]:
    """Yield each two details of a ticket that follow each other."""
    return pairwise(detail for detail in history.details if detail.id == ticket)


def _writes_between(
    history: History, before: Detail, after: Detail
) -> tuple[Counter[str], Counter[str]]:
    """Count the writes between two details by field: changes of ours, and what was refused.

    Those of the present value are left out.
    """
    now = {"status": before.ticket.get("status"), "assignee": assignee_id(before.ticket)}
    changes, refused = Counter[str](), Counter[str]()
    for exchange in history.writes:
        write = read_write(exchange.request)
        if write is None or write.ticket != before.id:
            continue
        if not before.number < exchange.number < after.number:
            continue
        if not (write.valid and exchange.successful and exchange.request.who == "main"):
            refused[write.field] += 1
        elif now[write.field] != write.value:
            now[write.field] = write.value
            changes[write.field] += 1
    return changes, refused


def _author(history: History) -> int | None:
    """Return the user in whose name the log has our changes, where no list tells who we are."""
    named = Counter[int]()
    for ticket in {write.ticket for e in history.writes if (write := read_write(e.request))}:
        for before, after in _pairs(history, ticket):
            changes, _ = _writes_between(history, before, after)
            new = [(field_of(entry), actor_of(entry)) for entry in new_entries(before, after)]
            logged = Counter(field for field, _ in new)
            named.update(
                user for field, user in new
                if isinstance(user, int) and 0 < logged[field] <= changes[field]
            )  # fmt: skip
    return next((user for user, count in named.items() if count * 2 > named.total()), None)
