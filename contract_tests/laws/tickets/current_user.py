"""The user whose the token is, as lists and the log of changes know him."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.history import History, who_am_i
from contract_tests.observations.ticket import Detail
from contract_tests.observations.write import read_write

_REQUIREMENT = "list.filter.assigned_to_me"
ENOUGH = 2
"""Changes of ours that must be in the log, all by one user, before that user is taken for us."""


@law(_REQUIREMENT)
def same_person(history: History) -> Iterator[Finding]:
    """Who changed what we changed is whose tickets are "assigned to me"."""
    me, logged = who_am_i(history), _logged(history)
    users = Counter(user for user, _ in logged)
    if me is None or history.changed_meanwhile or len(users) != 1 or users.total() < ENOUGH:
        yield not_observed(_REQUIREMENT, "no activity showed who the token's user is")
        return
    user, detail = logged[0]
    if user == me:
        yield holds(_REQUIREMENT, detail.exchange)
    else:
        message = f"tickets of user {me} are assigned to me, but what I changed, user {user} did"
        yield violated(_REQUIREMENT, message, detail.exchange)


def _logged(history: History) -> list[tuple[Any, Detail]]:
    """Return the users of the activities that changes of status of ours have left."""
    written: dict[int, list[int]] = {}
    for exchange in history.writes:
        write = read_write(exchange.request)
        if write is not None and exchange.request.who == "main" and exchange.status == 200:
            written.setdefault(write.ticket, []).append(exchange.number)
    return [
        (user, after)
        for ticket, numbers in written.items()
        for before, after in pairwise(d for d in history.details if d.id == ticket)
        if any(before.number < number < after.number for number in numbers)
        for user in _new_users(before, after)
    ]


def _new_users(before: Detail, after: Detail) -> Iterator[Any]:
    for activity in after.activities:
        user = activity.get("user")
        if activity not in before.activities and isinstance(user, dict):
            yield user.get("id")
