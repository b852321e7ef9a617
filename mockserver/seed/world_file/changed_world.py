"""Workspaces of a seed with the changes of a world file."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from typing import Any

from mockserver.contract.errors import FixtureError, located
from mockserver.seed.records import Records, Ticket, Workspace
from mockserver.seed.world_file.changes import merged_ticket
from mockserver.seed.world_file.defaults import read_contact
from mockserver.seed.world_file.export import write_ticket
from mockserver.seed.world_file.references import check_ticket
from mockserver.seed.world_file.tickets import TicketReader

Written = dict[str, Any]


def check_changes(changes: Mapping[str, Any], statuses: Collection[str]) -> None:
    """Raise FixtureError for a ticket that stands twice, or an unknown status."""
    seen: dict[int, int] = {}
    for index, change in enumerate(changes.get("tickets", ())):
        place = f"changes.tickets[{index}]"
        first = seen.setdefault(change["id"], index)
        if first != index:
            raise FixtureError(f"{place}: ticket {change['id']} is at [{first}] too; keep one")
        if "status" in change and change["status"] not in statuses:
            raise FixtureError(
                f"{place}.status: unknown status {change['status']!r}; "
                f"statuses are {', '.join(statuses)}"
            )


def apply_changes(
    file: str, workspaces: Iterable[Workspace], changes: Mapping[str, Any], now: datetime
) -> list[Workspace]:
    """Return workspaces with changes; raises FixtureError, also while the tickets are read."""
    homes = list(workspaces)
    known = {workspace.id for workspace in homes}
    for noun in ("contacts", "tickets"):
        for index, change in enumerate(changes.get(noun, ())):
            if change.get("workspace", homes[0].id) not in known:
                place = f"{file}: changes.{noun}[{index}].workspace"
                raise FixtureError(f"{place}: there is no workspace {change['workspace']}")
    missing = {each["id"] for each in changes.get("tickets", ()) if "workspace" not in each}
    found = [_changed(file, workspace, changes, now, missing) for workspace in homes]
    return [*found[:-1], replace(found[-1], tickets=_Complete(file, found[-1].tickets, missing))]


@dataclass(frozen=True, slots=True)
class _Complete:
    """The last tickets of a world, after which no changed one may be missing."""

    file: str
    tickets: Iterable[Ticket]
    missing: set[int]

    def __iter__(self) -> Iterator[Ticket]:
        yield from self.tickets
        if self.missing:
            raise FixtureError(
                f"{self.file}: changes.tickets: there is no ticket {min(self.missing)} to change; "
                "a new one names its workspace"
            )


@dataclass(frozen=True, slots=True)
class _ChangedTickets:
    """Tickets of a seed with changes, and new ones, by id; the same at each iteration."""

    seeded: Iterable[Ticket]
    changes: Mapping[int, tuple[str, Written]]
    new: list[Ticket]
    reader: TicketReader
    missing: set[int]

    def __iter__(self) -> Iterator[Ticket]:
        return merge(map(self._changed, self.seeded), self.new, key=lambda ticket: ticket.id)

    def _changed(self, ticket: Ticket) -> Ticket:
        if ticket.id not in self.changes:
            return ticket
        self.missing.discard(ticket.id)
        place, change = self.changes[ticket.id]
        return _read(self.reader, place, merged_ticket(write_ticket(ticket), change))


def _changed(
    file: str,
    workspace: Workspace,
    changes: Mapping[str, Any],
    now: datetime,
    missing: set[int],
) -> Workspace:
    own = [each for each in changes.get("contacts", ()) if each["workspace"] == workspace.id]
    contacts = [*workspace.contacts, *(read_contact(_plain(each)) for each in own)]
    contacts.sort(key=lambda contact: contact.id)
    home = replace(workspace, contacts=tuple(contacts))
    reader = TicketReader(file, "changes", Records.of(home), now)
    listed = [(f"changes.tickets[{i}]", each) for i, each in enumerate(changes.get("tickets", ()))]
    new = [(place, each) for place, each in listed if each.get("workspace") == workspace.id]
    changed = {each["id"]: (place, each) for place, each in listed if "workspace" not in each}
    added = [_read(reader, place, _plain(each)) for place, each in new]
    added.sort(key=lambda ticket: ticket.id)
    return replace(
        home,
        tickets=_ChangedTickets(workspace.tickets, changed, added, reader, missing),
        ticket_count=workspace.ticket_count + len(new),
    )


def _read(reader: TicketReader, place: str, written: Written) -> Ticket:
    known = {noun: list(getattr(reader.records, noun)) for noun in Records.__slots__}
    with located(reader.file):
        check_ticket(place, written, known)
    return reader.tickets([written])[0]


def _plain(change: Mapping[str, Any]) -> Written:
    """Return a record without what belongs to the change."""
    return {name: value for name, value in change.items() if name not in ("workspace", "whole")}
