"""The store: the database behind one class."""

import hashlib
import threading
from contextlib import AbstractContextManager
from typing import Any

import orjson

from mockserver.contract.choices import Choices
from mockserver.contract.errors import Forbidden, NotFound
from mockserver.contract.operations import Contract
from mockserver.seed.clock import Clock
from mockserver.seed.records import Workspace
from mockserver.store.bulk_insert import BulkInsert
from mockserver.store.contacts import CONTACT_FILTERS, CONTACT_SORT_KEYS, Contacts
from mockserver.store.database.database import Database
from mockserver.store.export import export_changed, export_world
from mockserver.store.faults import StoredFaults
from mockserver.store.people import read_workspaces
from mockserver.store.render import Renderer
from mockserver.store.rerender import rerender
from mockserver.store.tickets.changes import TicketChanges
from mockserver.store.tickets.filters import FILTERS as _FILTERS
from mockserver.store.tickets.filters import SORT_KEYS
from mockserver.store.tickets.listing import Listing, Page
from mockserver.store.tickets.messages import TicketMessages
from mockserver.store.tickets.overlay import Overlay
from mockserver.store.tickets.queries import (
    TicketRow,
    ticket_activities,
    ticket_by_id,
    ticket_by_ulid,
    ticket_detail,
)
from mockserver.store.worlds.snapshots import Snapshots
from mockserver.store.worlds.world import Caller, World
from mockserver.store.worlds.worlds import Worlds

FILTERS = {"listTickets": frozenset(_FILTERS), "listContacts": frozenset(CONTACT_FILTERS)}
SORTS = {"listTickets": frozenset(SORT_KEYS), "listContacts": frozenset(CONTACT_SORT_KEYS)}
"""The filters and sort keys of each list, by operation."""

MAX_WORLDS = 500
"""Default limit of private worlds."""


class Store:
    """The state of a mock; its parts are `tickets`, `contacts`, `worlds`, `changes` and others.

    Raises StoreError for a database that cannot be used, and StoreUnavailable from any
    method while the database is out of reach.
    """

    def __init__(
        self,
        contract: Contract,
        choices: Choices,
        clock: Clock,
        url: str | None = None,
        max_worlds: int = MAX_WORLDS,
    ) -> None:
        self._choices = choices
        self._fingerprint = _fingerprint(contract, choices)
        self._renderer = renderer = Renderer(contract, choices)  # which may refuse the contract
        self._database = database = Database(url, self._fingerprint)
        self.clock = clock
        rows = BulkInsert(renderer)
        overlay = Overlay(clock)
        self._order = {"newest_first": choices.activity_order == "newest_first"}
        self.tickets = Listing(database, choices)
        self.contacts = Contacts(database, renderer)
        self.faults = StoredFaults(database)
        self.worlds = Worlds(database, rows, max_worlds)
        self.snapshots = Snapshots(database, clock)
        self.changes = TicketChanges(database, overlay, renderer, choices)
        self.messages = TicketMessages(database, overlay, rows, renderer)

    def __str__(self) -> str:
        return str(self._database)

    @property
    def url(self) -> str:
        """The URL with which another process can open the same database."""
        return self._database.url.render_as_string(hide_password=False)

    @property
    def waits(self) -> bool:
        """Whether every transaction waits for a server, as it does with PostgreSQL."""
        return not self._database.is_sqlite

    def never_wait_in_this_thread(self) -> None:
        """Let the calling thread, which answers everybody, wait for no lock."""
        self._database.pool.loop_thread = threading.get_ident()

    def ready_to_write(self) -> bool:
        """Return whether a write would start at once; never waits itself."""
        return self._database.can_write_at_once()

    def now(self, world: World) -> int:
        """Return the time of a world, in seconds since 1970."""
        return self.clock.now(world.clock, world.since)

    def read(self) -> AbstractContextManager[Any]:
        """See one state throughout a block that only reads, in a single transaction."""
        return self._database.read()

    def contents(self, world: World) -> list[Workspace]:
        """Return everything in a world, as records."""
        with self._database.read(world) as transaction:
            return export_world(transaction)

    def changed(self, world: World) -> tuple[str, list[Workspace], list[Workspace]]:
        """Return the recipe of a world's seed, and its changed tickets before and after."""
        with self._database.read(world) as transaction:
            return export_changed(transaction)

    def use(self, contract: Contract) -> None:
        """Render records as another contract shapes them: those in the database, and all others."""
        fingerprint = _fingerprint(contract, self._choices)
        if fingerprint != self._fingerprint:
            with self._database.write() as transaction:
                rerender(transaction, Renderer(contract, self._choices), fingerprint)
            self._fingerprint = fingerprint
        self._renderer.use(contract)

    def ticket(self, world: World, id: int) -> TicketRow | None:
        """Return a ticket of any workspace."""
        with self._database.read(world) as transaction:
            return ticket_by_id(transaction, id)

    def find(self, caller: Caller, *, id: int | None = None, ulid: str | None = None) -> TicketRow:
        """Return a ticket that the caller may see; raises NotFound or Forbidden."""
        with self._database.read(caller.world) as transaction:
            if id is not None:
                row = ticket_by_id(transaction, id)
            else:
                row = ticket_by_ulid(transaction, ulid or "")
        if row is None or not self._visible(caller, row):
            raise NotFound(self.not_found_message(id if id is not None else ulid))
        return row

    def detail(self, caller: Caller, row: TicketRow) -> bytes:
        """Return a ticket with its messages and activities, as JSON."""
        with self._database.read(caller.world) as transaction:
            return ticket_detail(transaction, row, **self._order)

    def workspaces(self, world: World) -> list[Workspace]:
        """Return the workspaces without contacts and tickets."""
        with self._database.read(world) as transaction:
            return read_workspaces(transaction, with_contacts=False)

    def workspace(self, world: World, id: int) -> Workspace:
        """Return a workspace that exists, without contacts and tickets."""
        return next(each for each in self.workspaces(world) if each.id == id)

    def activities(self, caller: Caller, row: TicketRow, number: int, size: int) -> Page:
        """Return a page of the activity log of a ticket."""
        with self._database.read(caller.world) as transaction:
            found = ticket_activities(transaction, row, **self._order)
        return Page(found[(number - 1) * size : number * size], number, size, len(found))

    def close(self) -> None:
        self._database.close()

    def not_found_message(self, key: Any, model: str = "Ticket") -> str:
        """Return the text of a 404 for a record."""
        if self._choices.missing_text == "plain":
            return "Not Found"
        return rf"No query results for model [App\Models\{model}] {key}"

    def _visible(self, caller: Caller, row: TicketRow) -> bool:
        if row.workspace == caller.workspace:
            return True
        if self._choices.foreign_ticket == "forbidden":
            raise Forbidden
        return False


def _fingerprint(contract: Contract, choices: Choices) -> str:
    """Return a hash of what rendered rows depend on: the schemas, and the choices of form."""
    schemas = contract.document.get("components", {}).get("schemas", {})
    form = orjson.dumps([schemas, choices.ulid_case])
    return hashlib.sha256(form).hexdigest()[:16]
