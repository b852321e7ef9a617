"""Conservation: a ticket's time of update never goes back, and nothing leaves its thread."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Detail, moment
from contract_tests.observations.ticket_states import Observation

_FRACTION = timedelta(seconds=1)
"""Less than that is a fraction of a second that one of two answers does not show."""


@law("ticket.updated_at")
def never_back(history: History) -> Iterator[Finding]:
    """From answer to answer updated_at stays or grows, also after refused writes."""
    for observations in history.observations.values():
        fall = _fall(observations)
        if fall is not None:
            before, after = fall
            message = (
                f"updated_at of ticket {after.row['id']} goes back from "
                f"{before.row['updated_at']} to {after.row['updated_at']}"
            )
            evidence = (history.exchange(before.number), history.exchange(after.number))
            yield violated("ticket.updated_at", message, *evidence, fragile=True)
        elif len(observations) > 1:
            yield holds("ticket.updated_at", history.exchange(observations[-1].number))


def _fall(observations: list[Observation]) -> tuple[Observation, Observation] | None:
    """Return the first sighting that is older than one before it, with that one.

    A ticket as it was seen before comes from a copy that lags behind; other laws judge that.
    """
    latest: tuple[datetime, Observation] | None = None
    seen: set[int] = set()
    for observation in observations:
        updated = moment(observation.row.get("updated_at"))
        if updated is None:
            continue
        if latest and updated <= latest[0] - _FRACTION and id(observation.row) not in seen:
            return latest[1], observation
        if latest is None or updated > latest[0]:
            latest = updated, observation
        seen.add(id(observation.row))
    return None


@law("detail.messages", "detail.activities")
def threads_stay_whole(history: History) -> Iterator[Finding]:
    """While a ticket rests, no message leaves it and its log gets no shorter.

    What is lost with a change, the laws of updates judge.
    """
    details: dict[int, list[Detail]] = {}
    for detail in history.details:
        details.setdefault(detail.id, []).append(detail)
    for each in details.values():
        for before, after in pairwise(each):
            if before.ticket.get("updated_at") == after.ticket.get("updated_at"):
                yield from _compare(before, after)


def _compare(before: Detail, after: Detail) -> Iterator[Finding]:
    evidence = (before.exchange, after.exchange)
    kept = {message.get("id") for message in after.messages}
    lost = [message for message in before.messages if message.get("id") not in kept]
    if lost:
        message = f"{len(lost)} of {len(before.messages)} messages of ticket {after.id} are gone"
        yield violated("detail.messages", message, *evidence, fragile=True)
    elif before.messages:
        yield holds("detail.messages", *evidence)
    missing = len(before.activities) - len(after.activities)
    if missing > 0:
        message = f"{missing} of {len(before.activities)} activities of ticket {after.id} are gone"
        yield violated("detail.activities", message, *evidence, fragile=True)
    elif before.activities:
        yield holds("detail.activities", *evidence)
