"""Detail: the ticket asked for, as the lists show it, with its own messages and activities."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.tickets.messages import older_than_ticket
from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Detail, Row, moment, plain_text, shown, stripped_text
from contract_tests.observations.ticket_states import Observation
from contract_tests.observations.write import read_write

_PREVIEWED: dict[str, Callable[[Row], bool]] = {
    "any": lambda _: True,
    "no note": lambda message: message.get("type") != "note",
    "inbound": lambda message: message.get("type") == "inbound",
}


_UNLISTED = "a ticket that no list shows"
"""May be another workspace's (403), or one that the lists have lost."""
_UNKNOWN = ("a ticket that is not there", _UNLISTED)


@law("detail.asked")
def asked_for(history: History) -> Iterator[Finding]:
    for detail in history.details:
        asked = detail.exchange.request.path.rpartition("/")[2]
        if not asked.isdigit():
            continue
        if int(asked) == detail.id:
            yield holds("detail.asked", detail.exchange)
        else:
            message = f"ticket {asked} was asked for, ticket {detail.id} came"
            yield violated("detail.asked", message, detail.exchange)


@law("detail.agrees")
def agreement(history: History) -> Iterator[Finding]:
    """A ticket that is alike in two answers is alike in every answer between them."""
    written = _first_writes(history)
    for ticket, everything in history.observations.items():
        observations = [s for s in everything if s.number < written.get(ticket, s.number + 1)]
        odd = _odd_one(history, observations)
        if odd is not None:
            around, strange, names = odd
            names = [_place(name, around.row, strange.row) for name in names]
            message = f"ticket {strange.row['id']} differs in {', '.join(names)}"
            numbers = (around.number, strange.number)
            yield violated("detail.agrees", message, *(history.exchange(n) for n in numbers))
        elif any(s.detail for s in observations) and any(not s.detail for s in observations):
            shown = next(s for s in observations if s.detail)
            yield holds("detail.agrees", history.exchange(shown.number))


@law("detail.messages.own")
def own_messages(history: History) -> Iterator[Finding]:
    """No message is shown with two tickets, and none twice."""
    owners: dict[Any, Detail] = {}
    for detail in history.details:
        ids = [message.get("id") for message in detail.messages]
        foreign = next((i for i in ids if i in owners and owners[i].id != detail.id), None)
        if len(set(map(str, ids))) != len(ids):
            message = f"a message of ticket {detail.id} is there twice"
            yield violated("detail.messages.own", message, detail.exchange)
        elif foreign is not None:
            other = owners[foreign]
            message = f"message {foreign} is shown with tickets {other.id} and {detail.id}"
            yield violated("detail.messages.own", message, other.exchange, detail.exchange)
        elif ids:
            yield holds("detail.messages.own", detail.exchange)
        owners.update({i: detail for i in ids if i not in owners})


@law("detail.messages.order")
def message_order(history: History) -> Iterator[Finding]:
    for detail in history.details:
        times = _times(detail.messages)
        if len(set(times)) < 2:
            continue
        if any(before > after for before, after in pairwise(times)):
            message = f"a message of ticket {detail.id} stands after a younger one"
            yield violated("detail.messages.order", message, detail.exchange)
        else:
            yield holds("detail.messages.order", detail.exchange)


@law("detail.activities.order")
def activity_order(history: History) -> Iterator[Finding]:
    """One direction must hold for every detail of the run."""
    judged = [(d, times) for d in history.details if len(set(times := _times(d.activities))) > 1]
    rising = [detail for detail, times in judged if any(a > b for a, b in pairwise(times))]
    falling = [detail for detail, times in judged if any(a < b for a, b in pairwise(times))]
    wrong = min(rising, falling, key=len)
    if not judged:
        yield not_observed("detail.activities.order", "no ticket with two activities was read")
    for detail, _ in judged:
        if detail not in wrong:
            yield holds("detail.activities.order", detail.exchange)
    for detail in wrong:
        message = f"the activities of ticket {detail.id} are not in the order of their times"
        yield violated("detail.activities.order", message, detail.exchange)


@law("detail.messages.times")
def message_times(history: History) -> Iterator[Finding]:
    for detail in history.details:
        created = moment(detail.ticket.get("created_at"))
        times = [moment(message.get("created_at")) for message in detail.messages]
        known = [time for time in times if time is not None]
        if created is None or not known:
            continue
        if min(known) < created:
            message = f"a message of ticket {detail.id} {older_than_ticket(min(known), created)}"
            yield violated("detail.messages.times", message, detail.exchange)
        elif not _contact_speaks(detail):
            message = f"no message received by ticket {detail.id} is from its contact"
            yield violated("detail.messages.times", message, detail.exchange)
        else:
            yield holds("detail.messages.times", detail.exchange)


@law("detail.preview")
def previews(history: History) -> Iterator[Finding]:
    """The preview begins a message; which one counts as the latest is the deployment's choice."""
    judged = [detail for detail in history.details if _preview(detail) and detail.messages]
    faults = {
        name: [detail for detail in judged if not _begins(detail, counts)]
        for name, counts in _PREVIEWED.items()
    }
    wrong = min(faults.values(), key=len)
    for detail in judged:
        if detail not in wrong:
            yield holds("detail.preview", detail.exchange)
    for detail in wrong:
        message = f"the preview of ticket {detail.id} does not begin its latest message"
        yield violated("detail.preview", message, detail.exchange)


@law("detail.missing")
def missing_tickets(history: History) -> Iterator[Finding]:
    """An id that no list shows is 404 as JSON; whoever asked for it, also without meaning to."""
    asked = False
    for exchange in history.exchanges:
        request = exchange.request
        told = request.purpose in _UNKNOWN or _is_missing(history, exchange)
        if not told or not exchange.handled:
            continue
        name = request.path.rpartition("/")[2]
        if request.purpose == _UNLISTED and (exchange.status == 403 or _shows(exchange, name)):
            continue
        asked = True
        if exchange.status == 404 or (exchange.refused and not _is_id(name)):
            yield holds("detail.missing", exchange)
        elif (exchange.status or 0) < 500:
            message = f"ticket {name[:40]!r} answers {exchange.status}"
            yield violated("detail.missing", message, exchange)
    if not asked:
        yield not_observed("detail.missing", "no missing ticket was asked for")


def _is_missing(history: History, exchange: Exchange) -> bool:
    """True for the 404 of an id that no answer shows as a ticket's."""
    request = exchange.request
    if (request.method, request.who, exchange.status) != ("GET", "main", 404):
        return False
    folder, _, name = request.path.rpartition("/")
    return folder == LIST_PATH and _is_id(name) and int(name) not in history.observations


def _first_writes(history: History) -> dict[int, int]:
    """Return the number of the first write to each ticket: from there on it may change in turn."""
    first: dict[int, int] = {}
    for exchange in history.writes:
        write = read_write(exchange.request)
        if write is not None:
            first.setdefault(write.ticket, exchange.number)
    return first


def _odd_one(
    history: History, observations: list[Observation]
) -> tuple[Observation, Observation, list[str]] | None:
    """Return a sighting between two that are alike, itself different without a newer update."""
    last = {id(s.row): i for i, s in enumerate(observations)}
    for index, before in enumerate(observations):
        for strange in observations[index + 1 : last[id(before.row)]]:
            if strange.row is before.row:
                continue
            names = [n for n in history.fields if before.row.get(n) != strange.row.get(n)]
            if names and not _is_newer(history, before.row, strange.row):
                return before, strange, names
    return None


def _place(name: str, one: Row, other: Row) -> str:
    """Return the name of a field, or those of its members that differ: `contact.name`."""
    before, after = one.get(name), other.get(name)
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return name
    members = [key for key in before | after if before.get(key) != after.get(key)]
    return ", ".join(f"{name}.{member}" for member in members)


def _is_newer(history: History, before: Row, strange: Row) -> bool:
    """True when others may have changed the ticket there and back, seen through a replica."""
    now, then = moment(strange.get("updated_at")), moment(before.get("updated_at"))
    if now is None or then is None or history.horizon is None:
        return False
    return max(now, then) >= history.horizon and history.changed_meanwhile


def _shows(exchange: Exchange, name: str) -> bool:
    return name.isdigit() and shown(exchange, int(name)) is not None


def _is_id(name: str) -> bool:
    """True for what could be a ticket's id; anything else may be refused as no id at all."""
    return name.isascii() and name.isdigit() and len(name) < 16 and int(name) > 0


def _times(items: list[Row]) -> list[Any]:
    times = [moment(item.get("created_at")) for item in items]
    return times if None not in times else []


def _contact_speaks(detail: Detail) -> bool:
    contact = detail.ticket.get("contact")
    received = [m.get("sender") for m in detail.messages if m.get("type") == "inbound"]
    senders = [s for s in received if isinstance(s, dict) and s.get("type") == "contact"]
    if not senders or not isinstance(contact, dict):
        return True
    return any(sender.get("id") == contact.get("id") for sender in senders)


def _preview(detail: Detail) -> str:
    """Return the preview's text without its ellipsis, blanks removed."""
    preview = detail.ticket.get("latest_message_preview")
    text = preview if isinstance(preview, str) else ""
    return _solid(text.rstrip().removesuffix("...").removesuffix("…"))


def _begins(detail: Detail, counts: Callable[[Row], bool]) -> bool:
    counted = [message for message in detail.messages if counts(message)]
    times = [time for m in counted if (time := moment(m.get("created_at"))) is not None]
    latest = [m for m in counted if moment(m.get("created_at")) == max(times, default=None)]
    bodies = [str(message.get("body_html", "")) for message in latest]
    texts = [read(body) for body in bodies for read in (plain_text, stripped_text)]
    return any(_solid(text).startswith(_preview(detail)) for text in texts)


def _solid(text: str) -> str:
    return "".join(text.split())
