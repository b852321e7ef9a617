"""The user of the token, members, channels, tags and activities agree with the tickets."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from contract_tests.laws.extension.history import ExtensionHistory, embedded, numbers, rows
from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import who_am_i
from contract_tests.observations.ticket import Row


@law("extension.me.user")
def assigned_to_me(history: ExtensionHistory) -> Iterator[Finding]:
    """The user of the token is the one whom tickets "assigned to me" belong to."""
    known, me = who_am_i(history.page), history.me
    if known is None or me is None:
        yield not_observed("extension.me.user", "no ticket is assigned to the user of the token")
        return
    exchange = history.bodies("getMe")[0]
    if me["id"] == known:
        yield holds("extension.me.user", exchange)
    else:
        message = f"/api/me is user {me['id']}, but tickets assigned to me are of user {known}"
        yield violated("extension.me.user", message, exchange)


@law("extension.members.me")
def me_among_members(history: ExtensionHistory) -> Iterator[Finding]:
    me = history.me
    for exchange in history.lists("listMembers") if me else ():
        if me and me["id"] in [row.get("id") for row in rows(exchange)]:
            yield holds("extension.members.me", exchange)
        else:
            yield violated("extension.members.me", "the user of the token is no member", exchange)


@law("extension.members.order", "extension.tags.order")
def by_name(history: ExtensionHistory) -> Iterator[Finding]:
    """Members and tags are sorted by name, and each is listed once."""
    for operation, requirement in (
        ("listMembers", "extension.members.order"),
        ("listTags", "extension.tags.order"),
    ):
        for exchange in history.lists(operation):
            yield _once(requirement, exchange) or _sorted(requirement, exchange)


@law("extension.members.agree", "extension.channels.agree", "extension.tags.agree")
def as_in_tickets(history: ExtensionHistory) -> Iterator[Finding]:
    """A record that a ticket shows, too, is the same there; it is listed once."""
    for operation, requirement, noun in (
        ("listMembers", "extension.members.agree", "assignee"),
        ("listChannels", "extension.channels.agree", "channel"),
        ("listTags", "extension.tags.agree", "tags"),
    ):
        for exchange in history.lists(operation):
            shown = embedded(history.page, noun)
            yield _once(requirement, exchange) or _same(requirement, exchange, shown)


@law("extension.tags.complete")
def every_tag(history: ExtensionHistory) -> Iterator[Finding]:
    """Every tag that a ticket has is listed."""
    for exchange in history.lists("listTags"):
        listed = {row.get("id") for row in rows(exchange)}
        used = {tag["id"] for tag in embedded(history.page, "tags")}
        if used <= listed:
            yield holds("extension.tags.complete", exchange)
        else:
            message = f"tickets have the tags {sorted(used - listed)[:5]}, which are not listed"
            yield violated("extension.tags.complete", message, exchange)


@law("extension.activities.agree")
def as_in_the_ticket(history: ExtensionHistory) -> Iterator[Finding]:
    """The first page begins as the log in the ticket's detail, read right before."""
    for exchange in history.lists("listTicketActivities"):
        ticket = exchange.request.path.split("/")[3]
        details = [d for d in history.details_of(ticket) if d.number < exchange.number]
        if not details or "page" in exchange.request.parameters:
            continue
        log = details[-1].document["ticket"].get("activities") or []
        size = numbers(exchange).get("per_page") or len(log)
        if rows(exchange) in (log[:size], log[::-1][:size]):
            yield holds("extension.activities.agree", exchange)
        else:
            message = f"ticket {ticket}: its detail shows {len(log)} activities, which differ"
            yield violated("extension.activities.agree", message, details[-1], exchange)


@law("extension.activities.pages")
def beyond_the_log(history: ExtensionHistory) -> Iterator[Finding]:
    """A page after the last is empty."""
    for exchange in history.lists("listTicketActivities"):
        if exchange.request.parameters.get("page") is None:
            continue
        if rows(exchange):
            message = "a page after the last one shows activities"
            yield violated("extension.activities.pages", message, exchange)
        else:
            yield holds("extension.activities.pages", exchange)


@law("extension.activities.missing", "extension.contact.missing")
def missing(history: ExtensionHistory) -> Iterator[Finding]:
    """An id that nothing has is 404."""
    for operation, requirement in (
        ("listTicketActivities", "extension.activities.missing"),
        ("getContact", "extension.contact.missing"),
    ):
        for exchange in history.sent(operation):
            if "unknown" not in exchange.request.purpose or history.why_absent(operation):
                continue
            if exchange.status == 404:
                yield holds(requirement, exchange)
            elif (exchange.status or 0) < 500:
                yield violated(requirement, f"answered {exchange.status}", exchange)


def _once(requirement: str, exchange: Exchange) -> Finding | None:
    counts = Counter(str(row.get("id")) for row in rows(exchange))
    double = next((id for id, count in counts.items() if count > 1), None)
    if double is None:
        return None
    return violated(requirement, f"id {double} is listed twice", exchange)


def _sorted(requirement: str, exchange: Exchange) -> Finding:
    for before, after in pairwise(rows(exchange)):
        if out_of_order(before.get("name"), after.get("name")):
            message = f"id {after.get('id')} stands after id {before.get('id')}, not by name"
            return violated(requirement, message, exchange)
    return holds(requirement, exchange)


def out_of_order(before: object, after: object) -> bool:
    """Return whether no usual collation sorts two names so: they begin with other letters."""
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    first, second = before[:1].lower(), after[:1].lower()
    return first.isascii() and second.isascii() and first.isalpha() and first > second > "`"


def _same(requirement: str, exchange: Exchange, shown: Iterable[Row]) -> Finding:
    listed = {row.get("id"): row for row in rows(exchange)}
    compared = seen = 0
    for record in shown:
        seen += 1
        row = listed.get(record.get("id"))
        if row is None:
            continue
        compared += 1
        for name in record.keys() & row.keys():
            if record[name] != row[name]:
                message = f"id {record['id']}: {name} differs in a ticket"
                return violated(requirement, message, exchange)
    if not seen:
        return not_observed(requirement, "no ticket shows one")
    if compared or not listed:
        return holds(requirement, exchange)
    return violated(requirement, "none of the ids is one that a ticket shows", exchange)
