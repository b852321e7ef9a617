"""The state: a real database behind one class, and the only package that knows SQL."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import orjson

from mockserver.contract.choices import Choices
from mockserver.contract.errors import Forbidden, NotFound
from mockserver.contract.operations import Contract
from mockserver.seed.clock import Clock
from mockserver.seed.records import Workspace
from mockserver.store.catalogue import remember
from mockserver.store.changes import Changes, Opening
from mockserver.store.correspondence import Correspondence
from mockserver.store.database import Database
from mockserver.store.filters import MEANINGS, SORT_KEYS
from mockserver.store.finding import Finder, Found
from mockserver.store.growing import Source
from mockserver.store.layers import Layers
from mockserver.store.listing import Listing, Page
from mockserver.store.overlay import Overlay
from mockserver.store.peers import Peers
from mockserver.store.people import People
from mockserver.store.planting import Planter
from mockserver.store.reading import Reader
from mockserver.store.refitting import Refitter
from mockserver.store.render import Renderer
from mockserver.store.sharing import Sharing
from mockserver.store.snapshots import Snapshot, Snapshots
from mockserver.store.world import NAME, SHARED, Caller, World, WorldEntry
from mockserver.store.worlds import Worlds

FILTERS = frozenset(MEANINGS)
SORTS = frozenset(SORT_KEYS)

MAX_WORLDS = 500
"""Private worlds that stay, unless told otherwise."""

_DETAILS = 300
"""Details remembered, over all worlds; the longest take 100 kB."""

__all__ = [
    "FILTERS",
    "MAX_WORLDS",
    "NAME",
    "SHARED",
    "SORTS",
    "Caller",
    "Found",
    "Opening",
    "Page",
    "Peers",
    "Sharing",
    "Snapshot",
    "Source",
    "Store",
    "World",
    "WorldEntry",
]


class Store:
    """Everything that is remembered; `worlds`, `snapshots` and `correspondence` are parts of it.

    `sharing` is there when other processes serve the same state at the same time. With a `former`
    store it is about that one's database, at `url` otherwise. Raises StoreError for a
    database that cannot be used, and StoreUnavailable from any method while one is out of reach.
    """

    def __init__(
        self,
        contract: Contract,
        choices: Choices,
        clock: Clock,
        url: str | None = None,
        max_worlds: int = MAX_WORLDS,
        *,
        shared: bool = False,
        former: "Store | None" = None,
    ) -> None:
        self._choices = choices
        self._fingerprint = _fingerprint(contract, choices)
        renderer = Renderer(contract, choices)  # which may refuse the contract
        if former is None:
            self._database = database = Database(url, self._fingerprint)
            self.sharing = Sharing(database) if shared else None
        else:
            self._database = database = former._database  # noqa: SLF001 - of its own kind
            self.sharing = former.sharing
            database.prepare(self._fingerprint)
        self.clock = clock
        people = People(database)
        planter, layers = Planter(database, renderer), Layers(database)
        self._finder = Finder(database, choices)
        self._listing = Listing(database, choices)
        self._details: OrderedDict[tuple[int, int | None, int], bytes] = OrderedDict()
        overlay = Overlay(database, clock, self._finder)
        self._changes = Changes(database, choices, overlay, planter, renderer)
        self._reader = Reader(database, people)
        self.worlds = Worlds(database, planter, layers, max_worlds, shared=shared)
        self.snapshots = Snapshots(database, layers, clock)
        self.correspondence = Correspondence(database, self._changes, people, self._finder)

    def __str__(self) -> str:
        return str(self._database)

    @property
    def url(self) -> str:
        """Under which another process can open the same state."""
        return self._database.url.render_as_string(hide_password=False)

    def look(self) -> AbstractContextManager[Any]:
        """See one state throughout a block that only reads, for the price of one transaction."""
        return self._database.read()

    def version(self) -> Hashable | None:
        """Return what is another thing after each write, by whom ever; None: it cannot be told."""
        return self._database.version()

    def seed(self) -> str | None:
        """Return what the shared world was made from; None: nothing is planted yet."""
        return self.worlds.seed()

    def begun(self) -> str | None:
        """Return what was asked of a planting that broke off, as its source said."""
        return self.worlds.begun()

    def plant(self, seed: str, workspaces: Iterable[Workspace]) -> None:
        """Make the shared world of these workspaces; `seed` says what they were made from."""
        self.worlds.found(Source(seed, seed, lambda: workspaces))

    def prepare(self) -> None:
        """Make the first answers as quick as those after them, which matters to large worlds."""
        shared = self.worlds.entry(SHARED)
        if shared is not None:
            self._listing.prepare(shared.world.base)

    def caller(self, token: str) -> Caller | None:
        return self.worlds.caller(token)

    def reset(self, world: World) -> None:
        self.worlds.reset(world)

    def contents(self, world: World) -> list[Workspace]:
        """Return everything a world holds, as a seed would make it."""
        with self._database.read() as transaction:
            return self._reader.workspaces(transaction, world)

    def refit(self, contract: Contract) -> None:
        """Render everything anew as another contract shapes it, for stores opened from now on."""
        renderer = Renderer(contract, self._choices)
        fingerprint = _fingerprint(contract, self._choices)
        if fingerprint == self._fingerprint:
            return
        refitter = Refitter(self._database, self._reader, renderer)
        with self._database.write() as transaction:
            refitter.refit(transaction, fingerprint)
        self._fingerprint = fingerprint

    def page(
        self, caller: Caller, given: Mapping[str, Any], sort: Sequence[str], number: int, size: int
    ) -> Page:
        return self._listing.page(caller, given, sort, number, size)

    def locate(self, caller: Caller, *, id: int | None = None, ulid: str | None = None) -> Found:
        """Return a ticket that the caller may see; raises NotFound or Forbidden."""
        with self._database.read() as transaction:
            if id is not None:
                found = self._finder.ticket(transaction, caller.world, id)
            else:
                found = self._finder.ticket_by_ulid(transaction, caller.world, ulid or "")
        if found is None or not self._visible(caller, found):
            raise NotFound(self.missing(id if id is not None else ulid))
        return found

    def detail(self, caller: Caller, found: Found) -> bytes:
        """Return a ticket, located in the same look, with its messages and activities."""
        row = (found.layer, found.touched, found.id)
        return remember(self._details, row, partial(self._detail, caller, found), _DETAILS)

    def change_status(self, caller: Caller, id: int, status: str) -> bytes:
        """Change a located ticket's status and return the ticket as an update answers it."""
        with self._database.write() as transaction:
            found = self._changes.status(transaction, caller, id, status)
            return self._updated(transaction, caller, found)

    def change_assignee(self, caller: Caller, id: int, user: int | None) -> bytes | None:
        """Assign a located ticket and return it; None, and nothing changed: no such member."""
        if user is not None and abs(user) >= 2**63:  # no column holds it
            return None
        with self._database.write() as transaction:
            found = self._changes.assignee(transaction, caller, id, user)
            return None if found is None else self._updated(transaction, caller, found)

    def rest(self) -> None:
        """Keep nothing open until there is something to do; so a process may fork."""
        self._database.rest()

    def outlive(self) -> None:
        """Remove what the process that this one was forked from was to remove."""
        self._database.outlive()

    def close(self) -> None:
        if self.sharing is not None:
            self.sharing.peers.leave()
        self._database.close()

    def _detail(self, caller: Caller, found: Found) -> bytes:
        with self._database.read() as transaction:
            return self._finder.detail(transaction, caller.world, found)

    def _updated(self, transaction: Any, caller: Caller, found: Found) -> bytes:
        if self._choices.update_reply == "detail":
            return self._finder.detail(transaction, caller.world, found)
        return found.item

    def _visible(self, caller: Caller, found: Found) -> bool:
        if found.workspace == caller.workspace:
            return True
        if self._choices.foreign_ticket == "forbidden":
            raise Forbidden
        return False

    def missing(self, key: Any) -> str:
        """Return the text of a 404 for a ticket."""
        if self._choices.missing_text == "plain":
            return "Not Found"
        return rf"No query results for model [App\Models\Ticket] {key}"


def _fingerprint(contract: Contract, choices: Choices) -> str:
    """Tell what rendered rows depend on: the schemas, and the choices of form."""
    schemas = contract.document.get("components", {}).get("schemas", {})
    form = orjson.dumps([schemas, choices.ulid_case])
    return hashlib.sha256(form).hexdigest()[:16]
