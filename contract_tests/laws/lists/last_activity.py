"""When a ticket was last active: the page names the sort key but shows no such field.

Three readings are possible; a deployment keeps the contract when one of them explains
every order that was seen.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from contract_tests.observations.ticket import Detail, Row, moment

Reading = Callable[[Detail], datetime | None]


def last_message(detail: Detail) -> datetime | None:
    return _latest([detail.ticket], detail.messages)


def last_public_message(detail: Detail) -> datetime | None:
    return _latest([detail.ticket], [m for m in detail.messages if m.get("type") != "note"])


def last_entry(detail: Detail) -> datetime | None:
    return _latest([detail.ticket], detail.messages, detail.activities)


READINGS: dict[str, Reading] = {
    "the last message": last_message,
    "the last message but notes": last_public_message,
    "the last message or activity": last_entry,
}


def _latest(*groups: Iterable[Row]) -> datetime | None:
    moments = [moment(item.get("created_at")) for group in groups for item in group]
    known = [found for found in moments if found is not None]
    return max(known) if known and len(known) == len(moments) else None
