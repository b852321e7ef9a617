"""A contact in its list, alone and in its tickets."""

from collections.abc import Iterator
from typing import Any

from contract_tests.laws.extension.extension_contacts import plain_lists
from contract_tests.laws.extension.history import ExtensionHistory, embedded, rows
from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.ticket import Row, moment

LISTED = ("id", "ulid", "name", "email", "avatar_url")
"""What a contact shows everywhere."""


@law("extension.contacts.agree")
def as_in_tickets(history: ExtensionHistory) -> Iterator[Finding]:
    """A contact is the same in its list and in its tickets."""
    shown = {contact.get("id"): contact for contact in embedded(history.page, "contact")}
    for exchange in history.lists("listContacts"):
        both = [(row, shown[row["id"]]) for row in rows(exchange) if row.get("id") in shown]
        other = next((row for row, seen in both if _differ(row, seen, LISTED)), None)
        if other is not None:
            message = f"contact {other['id']} differs between the list and its tickets"
            yield violated("extension.contacts.agree", message, exchange)
        elif both:
            yield holds("extension.contacts.agree", exchange)


def _differ(first: Row, second: Row, names: tuple[str, ...]) -> bool:
    return any(first.get(name) != second.get(name) for name in names)


@law("extension.contacts.ticket_count", "extension.contacts.last_activity")
def what_the_tickets_say(history: ExtensionHistory) -> Iterator[Finding]:
    """A contact has as many tickets as lists show, and was last active with the newest."""
    tickets = history.page.last_listed()
    if tickets is None or history.page.changed_meanwhile:
        reason = "the tickets were not read whole, or they changed meanwhile"
        yield not_observed("extension.contacts.ticket_count", reason)
        yield not_observed("extension.contacts.last_activity", reason)
        return
    of_contact: dict[Any, list[Row]] = {}
    for ticket in tickets:
        of_contact.setdefault((ticket.get("contact") or {}).get("id"), []).append(ticket)
    for exchange in plain_lists(history):
        yield _counted(exchange, of_contact)
        yield _last_active(exchange, of_contact)


def _counted(exchange: Exchange, of_contact: dict[Any, list[Row]]) -> Finding:
    for row in rows(exchange):
        tickets = of_contact.get(row.get("id"), [])
        number = len(tickets)
        if row.get("ticket_count") != number and not _active_since(row, tickets):
            message = f"contact {row.get('id')}: {row.get('ticket_count')}, lists show {number}"
            return violated("extension.contacts.ticket_count", message, exchange)
    return holds("extension.contacts.ticket_count", exchange)


def _active_since(row: Row, tickets: list[Row]) -> bool:
    """Whether a contact was active after its tickets were listed, and so may have a new one."""
    active = moment(row.get("last_activity_at"))
    known = [found for ticket in tickets if (found := moment(ticket.get("updated_at")))]
    return active is not None and (not known or active > max(known))


def _last_active(exchange: Exchange, of_contact: dict[Any, list[Row]]) -> Finding:
    for row in rows(exchange):
        created = [
            found
            for t in of_contact.get(row.get("id"), ())
            if (found := moment(t.get("created_at")))
        ]
        latest = moment(row.get("last_activity_at"))
        if created and (latest is None or latest < max(created)):
            message = f"contact {row.get('id')} has a ticket that is newer than last_activity_at"
            return violated("extension.contacts.last_activity", message, exchange)
    return holds("extension.contacts.last_activity", exchange)


@law("extension.contact.agree")
def one_as_listed(history: ExtensionHistory) -> Iterator[Finding]:
    """A single contact is the one asked for, as the list shows it."""
    listed = {str(row.get("id")): row for page in plain_lists(history) for row in rows(page)}
    for exchange in history.bodies("getContact"):
        asked = exchange.request.path.rpartition("/")[2]
        contact, row = exchange.document.get("contact"), listed.get(asked)
        if not isinstance(contact, dict) or row is None:
            continue
        if _differ(contact, row, (*LISTED, "ticket_count", "last_activity_at")):
            message = f"contact {asked} differs between its own answer and the list"
            yield violated("extension.contact.agree", message, exchange)
        else:
            yield holds("extension.contact.agree", exchange)
