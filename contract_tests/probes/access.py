"""Access: requests with missing, damaged and foreign credentials."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from contract_tests.observations.exchange import LIST_PATH, TOKEN_PARAMETERS, Request, Who, get
from contract_tests.observations.ticket import Row, ids_of
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.invalid_input import ABSENT, known_ticket
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.search_terms import subject_terms
from mockserver.contract.loopback import is_loopback_url

_TOPICS = ("access", "responses")


@probe(
    "GET /api/tickets with every filter, without a token",
    "GET /api/tickets/{id} with the token in other case",
    topics=_TOPICS,
    between=False,
)
def without_valid_token(explorer: Explorer) -> None:
    explorer.list_tickets("every filter, without a token", who="none", **_every_filter(explorer))
    explorer.detail(known_ticket(explorer), "with a token that only looks like ours", who="near")


@probe(
    "GET /api/tickets and /api/tickets/{id}: no token, a shortened or a lengthened one,"
    " another scheme or none, other tokens; a ticket that is not there with a damaged token",
    since="standard",
    topics=_TOPICS,
)
def more_without_valid_token(explorer: Explorer) -> None:
    """What a token must not open is asked for in another form each time."""
    known = known_ticket(explorer)
    _without_header(explorer, known)
    explorer.ask(get(f"{LIST_PATH}/{ABSENT}", purpose="who: cut, no ticket", who="cut"))
    explorer.detail(known, "who: empty", who="empty")
    lists: dict[Who, dict[str, Any]] = {
        "cut": {"status": "open", "per_page": 3},
        "longer": {"sort": "-updated_at", "per_page": 2, "page": 2},
        "bare": {"unassigned": True, "sort": "bogus"},
        "basic_user": {},  # what is asked for again with our token: a refusal must not be kept
    }
    if explorer.target.cookies():
        lists["cookie"] = {}
    if "readonly" in explorer.history.others:
        lists["readonly"] = {"status": "open"}
    if explorer.target.tokens.withdrawn:
        explorer.detail(known, "who: withdrawn", who="withdrawn")
        lists["withdrawn"] = {"status": "open"}
    for who, query in lists.items():
        explorer.list_tickets(f"who: {who}", who=who, **query)


def _without_header(explorer: Explorer, ticket: int) -> None:
    """Ask for a ticket and a list without credentials, or with the token in the URL alone.

    Servers write URLs to their logs, so only a deployment on this machine gets the token there.
    """
    local = is_loopback_url(explorer.target.base_url)
    query = dict.fromkeys(TOKEN_PARAMETERS, explorer.target.tokens.main) if local else {}
    purpose = "the token in the URL alone" if local else "who: none"
    if explorer.in_scope(ticket):
        explorer.ask(get(f"{LIST_PATH}/{ticket}", query, purpose, who="none"))
    if local:
        explorer.ask(get(LIST_PATH, query, purpose, who="none"))


@probe(
    "GET /api/tickets: a list that was answered before, and /api/tickets/{ulid}, with the other"
    " workspace's token",
    topics=_TOPICS,
)
def other_workspace(explorer: Explorer) -> None:
    """It comes before any write: their users, channels and tags are what writes must refuse."""
    if "other" not in explorer.history.others:
        return
    explorer.ask(replace(_answered_before(explorer), who="other", purpose="their tickets"))
    if explorer.profile == "quick":
        return
    for row in explorer.rows_in_scope()[:1]:
        path = f"{LIST_PATH}/{quote(str(row.get('ulid')), safe='')}"
        explorer.ask(get(path, purpose="our ticket by its ULID, their token", who="other"))


@probe(
    "GET /api/tickets/{id} of a ticket that was read before, with the other workspace's token",
    topics=_TOPICS,
)
def detail_of_ours(explorer: Explorer) -> None:
    """What its owner has just read must not come out of a cache."""
    if "other" not in explorer.history.others:
        return
    read = [detail.ticket for detail in reversed(explorer.history.details)]
    rows = [row for row in (read or explorer.rows()) if explorer.in_scope(int(row["id"]))]
    for row in sorted(rows, key=_is_at_work)[:1]:
        explorer.detail(int(row["id"]), "our ticket, their token", who="other")


def _is_at_work(row: Row) -> tuple[bool, bool]:
    """Return whether a ticket is not closed and has an assignee: others may escape a check."""
    return row.get("status") != "closed", row.get("assignee") is not None


def _answered_before(explorer: Explorer) -> Request:
    """Return the filtered list with the most tickets: a cache that knows no tokens shows ours."""
    filtered = [page for page in explorer.history.pages
                if page.query.filters and page.query.page == 1]  # fmt: skip
    best = max(filtered, key=lambda page: len(page.rows), default=None)
    if best is None:
        return get(LIST_PATH, {"per_page": 100})
    return replace(best.exchange.request, spelling="")


@probe(
    "GET /api/tickets?{the id of a channel, of a tag of the other workspace}",
    since="standard",
    topics=(*_TOPICS, "filters"),
)
def foreign_values(explorer: Explorer) -> None:
    """A filter must not let in what the workspace of the token shuts out."""
    for name, value in _foreign_values(explorer):
        purpose = f"{name} of the other workspace"
        explorer.list_tickets(purpose, **{name: value}, per_page=100)


def foreign_ids(explorer: Explorer, field: str) -> list[int]:
    """Return the channels or tags that only tickets of the other workspace have."""
    ours = explorer.counts(field)
    theirs = (row for row in explorer.history.foreign_rows() if isinstance(row.get("id"), int))
    return [found for row in theirs for found in ids_of(row, field) if found not in ours]


def _foreign_values(explorer: Explorer) -> Iterator[tuple[str, Any]]:
    """Yield a value of each filter that only tickets of the other workspace meet."""
    for name, field in (("channel_ids", "channel"), ("tag_ids", "tags")):
        yield from ((name, [found]) for found in foreign_ids(explorer, field)[:1])


def _every_filter(explorer: Explorer) -> dict[str, Any]:
    """Return a query with every documented parameter, as a known ticket meets it."""
    query: dict[str, Any] = {"status": "open,closed,spam", "unassigned": True, "sort": "created_at"}
    for row in explorer.rows()[:1]:
        query |= {"channel_ids": list(ids_of(row, "channel")), "tag_ids": list(ids_of(row, "tags"))}
        query |= {"search": next((term.text for term in subject_terms(row)), "")}
    return {name: value for name, value in query.items() if value} | {"per_page": 1, "page": 1}
