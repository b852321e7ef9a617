"""Reading probes of the extension: people, labels, contacts and activities."""

from collections.abc import Callable
from functools import wraps

from contract_tests.laws.extension.history import numbers, rows
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.ticket import Row
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.extension.explorer import ExtensionExplorer
from contract_tests.probes.plan import Phase, Profile, probe

ID_OFFSET = 1_000_000
"""Added to the highest known id, the id of a record that does not exist."""

_TICKETS = {"quick": 1, "standard": 3, "deep": 10}
"""How many tickets' activities are read."""

_PAGES = {"standard": 4, "deep": 100}
"""How many pages of 100 contacts are walked over."""

_SORTS = ("name", "-name", "created_at", "-created_at", "last_activity", "-last_activity")


def extension_probe(
    *shown: str, since: Profile = "quick", phase: Phase = "extension"
) -> Callable[[Callable[[ExtensionExplorer], None]], Callable[[Explorer], None]]:
    """Register a function that asks for something of the extension."""

    def register(run: Callable[[ExtensionExplorer], None]) -> Callable[[Explorer], None]:
        @wraps(run)
        def adapted(explorer: Explorer) -> None:
            assert isinstance(explorer, ExtensionExplorer)
            run(explorer)

        return probe(*shown, since=since, phase=phase)(adapted)

    return register


@extension_probe("GET /api/me", "GET /api/members", "GET /api/channels", "GET /api/tags")
def people_and_labels(explorer: ExtensionExplorer) -> None:
    for path in ("me", "members", "channels", "tags"):
        explorer.read(path)


@extension_probe(
    "GET /api/contacts",
    "GET /api/contacts/{one of them}",
    "GET /api/contacts/{unknown id}",
    "GET /api/contacts?filter[search]={part of a name}",
)
def first_contacts(explorer: ExtensionExplorer) -> None:
    found = _rows(explorer.read("contacts"))
    named = [row for row in found if len(str(row.get("name") or "")) > 3]
    if not named:
        return
    row = explorer.rng.choice(named)
    explorer.read(f"contacts/{row['id']}")
    explorer.read(f"contacts/{_highest(found) + ID_OFFSET}", "an unknown contact")
    explorer.read("contacts", filters={"search": _part(row["name"]).upper()})


@extension_probe(
    "GET /api/tickets/{id}",
    "GET /api/tickets/{id}/activities",
    "GET /api/tickets/{id}/activities?page=1000",
    "GET /api/tickets/{unknown id}/activities",
)
def activity_logs(explorer: ExtensionExplorer) -> None:
    tickets = _with_long_logs(explorer)[: _TICKETS[explorer.profile]]
    for ticket in tickets:
        explorer.ticket(ticket)
        explorer.read(f"tickets/{ticket}/activities")
    if tickets:
        explorer.read(f"tickets/{tickets[0]}/activities", page=1000)
        unknown = max(explorer.main.history.observations) + ID_OFFSET
        explorer.read(f"tickets/{unknown}/activities", "the activities of an unknown ticket")


@extension_probe("GET /api/members without a token")
def first_without_valid_token(explorer: ExtensionExplorer) -> None:
    explorer.read("members", who="none")


@extension_probe("GET /api/contacts?per_page=100 (every page)", since="standard")
def contacts_walk(explorer: ExtensionExplorer) -> None:
    for page in range(1, _PAGES[explorer.profile] + 1):
        exchange = explorer.read("contacts", "walk over every contact", per_page=100, page=page)
        if not _rows(exchange) or page >= (numbers(exchange).get("last_page") or 0):
            return


@extension_probe(
    "GET /api/contacts?per_page=2&page=2",
    "GET /api/contacts?page=1000",
    "GET /api/contacts?sort={each key, both directions}",
    since="standard",
)
def contacts_sorted(explorer: ExtensionExplorer) -> None:
    explorer.read("contacts", per_page=2, page=2)
    explorer.read("contacts", page=1000)
    for sort in _SORTS:
        explorer.read("contacts", sort=sort, per_page=100)


@extension_probe(
    "GET /api/contacts?filter[name|email|search]={part of one, upper case, of nobody}",
    since="standard",
)
def contacts_filtered(explorer: ExtensionExplorer) -> None:
    listed = [row for page in explorer.known.lists("listContacts") for row in rows(page)]
    named = [row for row in listed if len(str(row.get("name") or "")) > 3]
    if not named:
        return
    for field in ("name", "email"):
        row = explorer.rng.choice(named)
        part = _part(str(row.get(field)).partition("@")[2] or str(row.get(field)))
        for term in (part, part.upper()):
            explorer.read("contacts", filters={field: term})
        explorer.read("contacts", filters={"search": part}, per_page=100)
    explorer.read("contacts", filters={"search": "nobody has this zq"})
    for row in explorer.rng.sample(named, min(2, len(named))):
        explorer.read(f"contacts/{row['id']}")


@extension_probe(
    "GET {each operation} without a token",
    "GET {each operation} with the token of another workspace, if given",
    since="standard",
)
def other_callers(explorer: ExtensionExplorer) -> None:
    paths = ["channels", "tags", "contacts", "members"]
    contacts = [row for page in explorer.known.lists("listContacts") for row in rows(page)]
    single = [f"contacts/{row['id']}" for row in contacts[:1]]
    single += [f"tickets/{ticket}/activities" for ticket in _with_long_logs(explorer)[:1]]
    for path in ("me", *paths[:3], *single):
        explorer.read(path, who="none")
    if "other" in explorer.history.others:
        for path in (*paths, *single):
            explorer.read(path, who="other")


def _rows(exchange: Exchange) -> list[Row]:
    document = exchange.document
    data = document.get("data") if isinstance(document, dict) and exchange.successful else None
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def _part(text: str) -> str:
    """Return some letters from within a text."""
    return text[1:5].strip() or text


def _highest(found: list[Row]) -> int:
    return max((row["id"] for row in found if isinstance(row.get("id"), int)), default=0)


def _with_long_logs(explorer: ExtensionExplorer) -> list[int]:
    """Return tickets that may be read whole, those with the longest known log first."""
    logs = {
        detail.id: len(detail.exchange.document["ticket"].get("activities") or ())
        for detail in explorer.main.history.details
    }
    tickets = explorer.main.tickets_in_scope()
    return sorted(tickets, key=lambda ticket: -logs.get(ticket, 0))
