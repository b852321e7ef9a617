"""Deletions: an administrator who deletes a ticket now and then, while clients are at work."""

from dataclasses import dataclass, field, replace
from threading import Lock

from flask import Flask, request

from mockserver.api.authentication import find_caller, open_private_world
from mockserver.seed.records import Ticket
from mockserver.seed.source import SeedSource
from mockserver.store import Caller, Store

EVERY = 3
"""A ticket is deleted before each list whose number is a multiple of this one."""

_DELETABLE = "0123456789ABCDEF"
"""Last letters of the ULIDs of the tickets that may be deleted, about half of all."""

_READING = ("GET", "HEAD", "OPTIONS")


def add_deletions(app: Flask) -> None:
    """Delete tickets of the workspace whose list is requested."""
    app.before_request(_Administrator(app.extensions["store"]).act)


@dataclass
class _Administrator:
    """`written` are the tickets that clients write to, as the paths name them: these stay."""

    store: Store
    lists: int = 0
    written: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def act(self) -> None:
        """Take note of a write; delete a ticket when it is time."""
        with self.lock:
            if request.method not in _READING:
                self.written.add((request.view_args or {}).get("id", "").upper())
                return
            open_private_world(request, self.store)
            if request.endpoint == "listTickets" and (caller := find_caller(request, self.store)):
                self.lists += 1
                if self.lists % EVERY == 0:
                    self._delete_one(caller)

    def _delete_one(self, caller: Caller) -> None:
        """Give the world a seed of what it holds, without one ticket."""
        contents = self.store.contents(caller.world)
        own = next(workspace for workspace in contents if workspace.id == caller.workspace)
        tickets = list(own.tickets)
        chosen = self._choose(tickets)
        if chosen is None:
            return
        left = replace(own, tickets=[ticket for ticket in tickets if ticket is not chosen])
        workspaces = [left if workspace is own else workspace for workspace in contents]
        name = f"{caller.world.name} without ticket {chosen.id} since list {self.lists}"
        source = SeedSource(name, fingerprint=name, make=lambda: workspaces)
        self.store.worlds.replace(caller.world.name, source)

    def _choose(self, tickets: list[Ticket]) -> Ticket | None:
        """Return one of the tickets that changed lately, unless it is written to.

        Those that rested longest stay: a client that tries out writes chooses among them.
        """
        latest = sorted(tickets, key=lambda ticket: ticket.updated_at)[len(tickets) // 2 :]
        free = [t for t in latest if self.written.isdisjoint((str(t.id), t.ulid.upper()))]
        deletable = (ticket for ticket in free if ticket.ulid[-1].upper() in _DELETABLE)
        return min(deletable, key=lambda ticket: ticket.ulid[10:], default=None)  # at random
