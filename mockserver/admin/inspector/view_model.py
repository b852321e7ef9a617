"""Data of the inspector's page: the world, the user it acts as, a ticket list and one ticket."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from mockserver.admin.inspector.formatting import is_plain
from mockserver.api.pagination import Links
from mockserver.api.query import Pairs, Query
from mockserver.contract.choices import Choices
from mockserver.contract.errors import ApiError, NotFound
from mockserver.contract.html_text import page_text_of
from mockserver.contract.operations import Contract
from mockserver.seed.clock import moment
from mockserver.seed.records import Workspace
from mockserver.store import SHARED, Caller, Page, Store, TokenRow, WorldEntry
from mockserver.store.worlds.worlds import PREFERRED_TOKEN

OWN = ("world", "as", "ticket")
"""Query parameters of the page; all others are those of listTickets."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of tickets, and the request to the API that returns it."""

    tickets: Sequence[dict[str, Any]]
    page: Page
    links: Links
    path: str
    given: dict[str, str]


@dataclass(frozen=True, slots=True)
class InspectorView:
    """All data of the page; `problem` says why it has no tickets.

    `agents` are the active tokens, `agent` the one that the page acts with.
    """

    entry: WorldEntry
    worlds: Sequence[WorldEntry]
    now: datetime
    agents: Sequence[TokenRow]
    inactive: Sequence[TokenRow]
    agent: TokenRow | None = None
    people: Workspace | None = None
    listing: Listing | None = None
    ticket: dict[str, Any] | None = None
    timeline: Sequence[dict[str, Any]] = ()
    problem: str = ""
    status: int = 200

    @property
    def token(self) -> str:
        """The token that the page acts with, as it opens this world."""
        return self.entry.world.token(self.agent.token) if self.agent else ""


class InspectorReader:
    """Reads from the store directly, so that nothing is recorded or affected by faults."""

    def __init__(self, contract: Contract, store: Store, choices: Choices) -> None:
        self._operation = contract.operations["listTickets"]
        self._store = store
        self._choices = choices

    def view(self, query: str) -> InspectorView:
        """Return the data for a query string; raises NotFound for an unknown world."""
        asked = Query(self._operation, query, self._choices)
        own = {name: value for name, value in asked.pairs if name in OWN}
        entry = self._entry(own.get("world") or SHARED)
        base = self._empty(entry)
        agent = _choose(base.agents, own.get("as", ""))
        caller = self._store.worlds.find_caller(entry.world.token(agent.token)) if agent else None
        if agent is None or caller is None:
            return replace(
                base,
                problem="This world has no active token; add one to a user in the world file.",
            )
        people = {home.id: home for home in self._store.workspaces(entry.world)}
        seen = replace(base, agent=agent, people=people.get(caller.workspace))
        try:
            seen = replace(seen, **self._ticket(caller, own.get("ticket", "")))
            return replace(seen, listing=self._listing(caller, asked))
        except ApiError as error:
            return replace(seen, problem=error.message, status=error.status)

    def _entry(self, name: str) -> WorldEntry:
        entry = self._store.worlds.entry(name)
        if entry is None:
            raise NotFound(f"There is no world {name[:64]!r}.")
        return entry

    def _empty(self, entry: WorldEntry) -> InspectorView:
        world = entry.world
        known = self._store.worlds.tokens(world)
        agents = [each for each in known if each.state == "active"]
        inactive = [each for each in known if each.state != "active"]
        now = moment(self._store.clock.now(world.clock, world.since))
        return InspectorView(entry, self._store.worlds.entries(), now, agents, inactive)

    def _listing(self, caller: Caller, asked: Query) -> Listing:
        numbers = asked.numbers()
        page = self._store.tickets.page(
            caller, asked.filters(), asked.sort(), numbers["page"], numbers["per_page"]
        )
        kept = [(name, value) for name, value in asked.pairs if value]
        ours = [pair for pair in kept if pair[0] not in OWN]
        return Listing(
            tickets=[orjson.loads(row) for row in page.rows],
            page=page,
            links=Links("", [pair for pair in kept if pair[0] != "ticket"]),
            path="/api/tickets" + (f"?{_written(ours)}" if ours else ""),
            given=dict(ours),
        )

    def _ticket(self, caller: Caller, key: str) -> dict[str, Any]:
        if not key:
            return {}
        if not (key.isascii() and key.isdecimal() and len(key) < 19):
            raise NotFound(f"{key[:40]!r} is not a valid ticket id.")
        with self._store.read():
            found = self._store.find(caller, id=int(key))
            ticket = orjson.loads(self._store.detail(caller, found))
        return {"ticket": ticket, "timeline": _timeline(ticket)}


def curl(method: str, url: str, token: str) -> str:
    """Return a curl command for an API request, quoted for a POSIX shell."""
    headers = (f"Authorization: Bearer {token}", "Accept: application/json")
    verb = [] if method == "GET" else ["-X", method]
    parts = ["curl", "-g", *verb, url]
    for header in headers:
        parts += ["-H", header]
    return shlex.join(parts)


def _choose(agents: Sequence[TokenRow], token: str) -> TokenRow | None:
    """Return the agent with this token, else Jane, else the first that may write."""
    return min(
        agents,
        key=lambda agent: (agent.token != token, agent.token != PREFERRED_TOKEN, agent.readonly),
        default=None,
    )


def _timeline(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    """Return messages and activities by time, each message with its plain text."""
    messages = [
        message
        | {
            "kind": "message",
            "text": page_text_of(message.get("body_html", "")),
            "plain": is_plain(message.get("body_html", "")),
        }
        for message in ticket["messages"]
    ]
    logged = [activity | {"kind": "activity"} for activity in ticket["activities"]]
    return sorted(
        [*messages, *logged], key=lambda event: datetime.fromisoformat(event["created_at"])
    )


def _written(pairs: Pairs) -> str:
    return urlencode(pairs, safe="[],-")
