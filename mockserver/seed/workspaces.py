"""Workspaces of a world file: records from the file, completed with generated ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge

from mockserver.contract.errors import FixtureError
from mockserver.seed.clock import parse_time
from mockserver.seed.generator.locale_names import DEFAULT_LOCALE
from mockserver.seed.generator.people import People
from mockserver.seed.generator.random import seeded_random
from mockserver.seed.generator.tickets import GeneratedTickets
from mockserver.seed.records import Contact, Records, Ticket, User, Workspace
from mockserver.seed.world_file.changed_world import apply_changes
from mockserver.seed.world_file.defaults import read_workspace
from mockserver.seed.world_file.file import Extended, WorldFile
from mockserver.seed.world_file.id_ranges import IdRanges, allocate_ids
from mockserver.seed.world_file.tickets import TicketReader
from mockserver.seed.world_file.times import whole

DEFAULT_SEED = 1
_DAYS = 540
_SPAMMERS = 20  # one in 20 generated contacts sends only spam


@dataclass(frozen=True, slots=True)
class MergedTickets:
    """Tickets of the file and generated ones by id, the same at each iteration."""

    written: list[Ticket]
    generated: Iterable[Ticket]

    def __iter__(self) -> Iterator[Ticket]:
        return merge(self.written, self.generated, key=lambda ticket: ticket.id)


def build_workspaces(
    world: WorldFile, *, seed: int, tickets: int | None, locale: str | None, now: datetime
) -> list[Workspace]:
    """Return the workspaces of a world; equal arguments return equal records on every machine.

    `tickets` is the total for the first workspace with `generate`, at least the number of tickets
    in the file. `tickets` and `locale` default to those of the file. The options do not affect a
    file of changes, which has its own. Raises FixtureError.
    """
    if world.extended is not None:
        return _changed_workspaces(world, world.extended, now)
    wanted = _wanted(world, tickets)
    language = locale or world.locale or DEFAULT_LOCALE
    builders = [
        WorkspaceBuilder(world, index, f"{seed} {workspace['id']}", language, whole(now))
        for index, workspace in enumerate(world.workspaces)
    ]
    ranges = allocate_ids(world, wanted)
    return [builder.build(ids) for builder, ids in zip(builders, ranges, strict=True)]


def _changed_workspaces(world: WorldFile, base: Extended, now: datetime) -> list[Workspace]:
    until = parse_time(base.clock) if base.clock else now
    seed = next(each for each in (base.seed, base.world.seed, DEFAULT_SEED) if each is not None)
    seeded = build_workspaces(
        base.world, seed=seed, tickets=base.tickets, locale=base.locale, now=until
    )
    return apply_changes(world.source, seeded, base.changes, until)


def _wanted(world: WorldFile, tickets: int | None) -> list[int]:
    """Return the number of tickets to generate in each workspace; raises FixtureError."""
    if tickets is not None and not world.generates:
        written = sum(len(each.get("tickets", ())) for each in world.workspaces)
        raise FixtureError(
            f"{world.source}: the number of tickets cannot be {tickets}, as this world has no "
            f"generated tickets, and {written} in its file; leave the number (--tickets) "
            "out, or use a world that has `generate`, such as demo"
        )
    wanted = []
    for workspace in world.workspaces:
        asked = workspace.get("generate", {}).get("tickets", 0)
        if "generate" in workspace and tickets is not None:
            asked, tickets = tickets, None
        wanted.append(max(0, asked - len(workspace.get("tickets", ()))))
    return wanted


@dataclass(frozen=True, slots=True)
class WorkspaceBuilder:
    """Creates the records of one workspace of a world file."""

    world: WorldFile
    index: int
    seed: str
    locale: str
    now: datetime

    def build(self, ids: IdRanges) -> Workspace:
        written = self.world.workspaces[self.index]
        home = read_workspace(written)
        place = f"workspaces[{self.index}]"
        reader = TicketReader(self.world.source, place, Records.of(home), self.now)
        written_tickets = reader.tickets(written.get("tickets", []))
        generated, contacts = self._generated(ids, home) if ids.tickets else ([], [])
        return replace(
            home,
            contacts=(*home.contacts, *contacts),
            tickets=MergedTickets(written_tickets, generated),
            ticket_count=len(written_tickets) + len(ids.tickets),
        )

    def _generated(self, ids: IdRanges, home: Workspace) -> tuple[Iterable[Ticket], list[Contact]]:
        people = People(self.locale, self.seed)
        contacts = people.contacts(seeded_random(self.seed, "contacts"), ids.contacts)
        spammers = max(1, len(contacts) // _SPAMMERS)
        agents = _agents(home)
        tickets = GeneratedTickets(
            seed=self.seed,
            ids=ids,
            now=self.now,
            days=self.world.workspaces[self.index]["generate"].get("days", _DAYS),
            people=people,
            agents=agents,
            agents_and_left=[*agents, *(user for user in home.users if user.left)],
            channels=home.channels,
            tags=home.tags,
            contacts=contacts[spammers:] or contacts,
            spammers=contacts[:spammers],
            teams=home.teams,
        )
        return tickets, contacts


def _agents(home: Workspace) -> list[User]:
    """Return the users who work on tickets: active, and not read-only."""
    readers = {token.user_id for token in home.tokens if token.readonly}
    readers -= {token.user_id for token in home.tokens if not token.readonly}
    here = [user for user in home.users if not user.left]
    return [user for user in here if user.id not in readers] or here or list(home.users)
