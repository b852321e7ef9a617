"""Who speaks in a ticket's messages, and when things happened to it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.tickets.clock import date_of
from contract_tests.observations.history import History
from contract_tests.observations.ticket import (
    Detail,
    Row,
    has_id,
    in_utc,
    moment,
    plain_text,
    sender_of,
    traits_of,
)

AT_ONCE = timedelta(minutes=1)
"""How long after the ticket its first message may be written, and still be what opened it."""
_SECOND = timedelta(seconds=1)
_KEPT = ("type", "created_at", "is_forward")
"""What of a message, beside its text and its files, stays as it is."""
ENOUGH = 4
"""Tickets opened by their contact that must be read, before a rule about all of them is judged."""


@law("detail.messages.sender")
def senders(history: History) -> Iterator[Finding]:
    """What goes out, and what is noted, is not from the ticket's own contact."""
    judged = False
    for detail in history.details:
        ours = [m for m in detail.messages if m.get("type") in ("outbound", "note")]
        known = [message for message in ours if isinstance(message.get("sender"), dict)]
        judged |= bool(known)
        wrong = next((m for m in known if _is_contact(m["sender"], detail)), None)
        if wrong is not None:
            message = f"a message of type {wrong['type']} in ticket {detail.id} is from its contact"
            yield violated("detail.messages.sender", message, detail.exchange)
        elif known:
            yield holds("detail.messages.sender", detail.exchange)
    if not judged:
        yield not_observed("detail.messages.sender", "no ticket with an answer or a note was read")


@law("detail.messages.sender")
def known_senders(history: History) -> Iterator[Finding]:
    """A sender with the id of a known contact or user is that one, by name or by address."""
    known = _people(history)
    for detail in history.details:
        strange = next(_unlike(detail, known), None)
        if strange is not None:
            message = (
                f"the sender {strange['type']} {strange['id']} of a message in ticket {detail.id} "
                "has another name and address than that one elsewhere"
            )
            yield violated("detail.messages.sender", message, detail.exchange)


def _people(history: History) -> dict[tuple[str, int], set[Any]]:
    """Return the names and addresses of each contact and assignee, by kind and id."""
    found: dict[tuple[str, int], set[Any]] = {}
    for row in history.rows():
        for kind, field in (("contact", "contact"), ("user", "assignee")):
            person = row.get(field)
            if has_id(person):
                texts = found.setdefault((kind, person["id"]), set())
                texts.update((person.get("name"), person.get("email")))
    return found


def _unlike(detail: Detail, known: dict[tuple[str, int], set[Any]]) -> Iterator[Row]:
    """Yield the senders that share an id, but neither name nor address with a known person."""
    for sender in (message.get("sender") for message in detail.messages):
        if not has_id(sender) or not isinstance(sender.get("type"), str):
            continue
        texts = {sender.get("name"), sender.get("email")} - {None}
        person = known.get((sender["type"], sender["id"]))
        if texts and person is not None and not texts & person:
            yield sender


@law("detail.messages")
def own_attachments(history: History) -> Iterator[Finding]:
    """The messages of a thread do not all show the same files; a forwarded one may repeat some."""
    for detail in history.details:
        files = [_files(m) for m in detail.messages if m.get("is_forward") is not True]
        if len(files) < 2 or not any(files):
            continue
        if all(shown == files[0] for shown in files):
            message = f"each message of ticket {detail.id} shows the same attachments"
            yield violated("detail.messages", message, detail.exchange)
        else:
            yield holds("detail.messages", detail.exchange)


def older_than_ticket(then: datetime, created: datetime) -> str:
    """Return in words that something is dated before its ticket was created."""
    return f"({in_utc(then.isoformat())}) is older than the ticket ({in_utc(created.isoformat())})"


def _files(message: Row) -> list[Any]:
    """Return the ids of the attachments of a message."""
    files = message.get("attachments")
    return [file["id"] for file in files if has_id(file)] if isinstance(files, list) else []


@law("detail.messages.times")
def opening(history: History) -> Iterator[Finding]:
    """Of the tickets that begin with their contact's message, some at least begin at once."""
    delays = [(d, delay) for d in history.details if (delay := _delay(d)) is not None]
    at_once = [detail for detail, delay in delays if delay <= AT_ONCE]
    for detail in at_once:
        yield holds("detail.messages.times", detail.exchange)
    tickets = {detail.id for detail, _ in delays}
    if len(tickets) >= ENOUGH and not at_once:
        shortest = min(delay for _, delay in delays)
        message = (
            f"the message that opened it is {shortest} or more younger than each of "
            f"{len(tickets)} tickets"
        )
        yield violated("detail.messages.times", message, *(d.exchange for d, _ in delays[:2]))


@law("detail.activities.times")
def activity_times(history: History) -> Iterator[Finding]:
    """Nothing happened to a ticket before there was one."""
    judged = False
    for detail in history.details:
        created = moment(detail.ticket.get("created_at"))
        times = [moment(activity.get("created_at")) for activity in detail.activities]
        known = [time for time in times if time is not None]
        if created is None or not known:
            continue
        judged = True
        if min(known) < created:
            message = f"an activity of ticket {detail.id} {older_than_ticket(min(known), created)}"
            yield violated("detail.activities.times", message, detail.exchange)
        else:
            yield holds("detail.activities.times", detail.exchange)
    if not judged:
        yield not_observed("detail.activities.times", "no ticket with an activity was read")


@law("detail.agrees")
def same_thread(history: History) -> Iterator[Finding]:
    """Between two readings of a ticket that was not updated, its messages and activities stay."""
    latest: dict[int, Detail] = {}
    for detail in history.details:
        before = latest.get(detail.id)
        latest[detail.id] = detail
        if before is None or not _is_as_before(history, before, detail):
            continue
        other = list(_differences(before, detail))
        if other:
            message = f"ticket {detail.id} was not updated, but shows other {' and '.join(other)}"
            yield violated("detail.agrees", message, before.exchange, detail.exchange, fragile=True)
        else:
            yield holds("detail.agrees", before.exchange, detail.exchange)


def _is_as_before(history: History, before: Detail, after: Detail) -> bool:
    """True when neither we nor, as far as updated_at tells, others wrote to a ticket between.

    One that was updated in the second in which it was read may be updated again in the same second.
    """
    between = range(before.number, after.number)
    written = any(exchange.number in between for exchange in history.writes)
    updated, read_at = moment(before.ticket.get("updated_at")), date_of(before.exchange)
    if updated is None or (read_at is not None and read_at - updated <= _SECOND):
        return False
    return not written and updated == moment(after.ticket.get("updated_at"))


def _differences(before: Detail, after: Detail) -> Iterator[str]:
    """Yield what two readings of a thread show differently."""
    then, now = before.messages, after.messages
    same = [message.get("id") for message in then] == [message.get("id") for message in now]
    if not same or any(map(changed_part, then, now)):
        yield "messages"
    if list(map(traits_of, before.activities)) != list(map(traits_of, after.activities)):
        yield "activities"


def changed_part(then: Row, now: Row) -> str | None:
    """Return in which field a message differs, if in any.

    Addresses of attachments, also those in the text, may be signed anew each time.
    """
    if _files(then) != _files(now):
        return "attachments"
    if plain_text(str(then.get("body_html"))) != plain_text(str(now.get("body_html"))):
        return "body_html"
    if sender_of(then) != sender_of(now):
        return "sender"
    return next((name for name in _KEPT if then.get(name) != now.get(name)), None)


def _is_contact(sender: Row, detail: Detail) -> bool:
    contact: Any = detail.ticket.get("contact")
    return (
        sender.get("type") == "contact"
        and isinstance(contact, dict)
        and sender.get("id") == contact.get("id")
    )


def _delay(detail: Detail) -> timedelta | None:
    """Return how long after the ticket its contact's first message was written."""
    created = moment(detail.ticket.get("created_at"))
    first = detail.messages[0] if detail.messages else {}
    written, sender = moment(first.get("created_at")), first.get("sender")
    if created is None or written is None or not isinstance(sender, dict):
        return None
    opens = first.get("type") == "inbound" and _is_contact(sender, detail)
    return written - created if opens else None
