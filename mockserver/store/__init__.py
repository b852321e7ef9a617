"""The state of the mock, in SQLite or PostgreSQL; the only package that contains SQL."""

from mockserver.store.faults import MOST_FAULTS as MOST_FAULTS
from mockserver.store.faults import FaultRow as FaultRow
from mockserver.store.store import FILTERS as FILTERS
from mockserver.store.store import MAX_WORLDS as MAX_WORLDS
from mockserver.store.store import SORTS as SORTS
from mockserver.store.store import Store as Store
from mockserver.store.tickets.listing import Page as Page
from mockserver.store.tickets.messages import NewTicket as NewTicket
from mockserver.store.tickets.queries import TicketRow as TicketRow
from mockserver.store.worlds.snapshots import MOST_SNAPSHOTS as MOST_SNAPSHOTS
from mockserver.store.worlds.snapshots import Snapshot as Snapshot
from mockserver.store.worlds.world import NAME as NAME
from mockserver.store.worlds.world import SHARED as SHARED
from mockserver.store.worlds.world import Caller as Caller
from mockserver.store.worlds.world import TokenRow as TokenRow
from mockserver.store.worlds.world import World as World
from mockserver.store.worlds.world import WorldEntry as WorldEntry
from mockserver.store.worlds.worlds import Reseeded as Reseeded
