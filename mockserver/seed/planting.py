"""From a world file to records: what is written stands, the rest is made up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

from mockserver.seed.generator.locale_names import DEFAULT_LOCALE
from mockserver.seed.generator.people import People
from mockserver.seed.generator.random import chance
from mockserver.seed.generator.tickets import GeneratedTickets
from mockserver.seed.records import Contact, Ticket, Token, User, Workspace
from mockserver.seed.world_file.defaults import Cast, cast_of, tokens_of
from mockserver.seed.world_file.file import WorldFile
from mockserver.seed.world_file.id_ranges import Block, share_ids
from mockserver.seed.world_file.tickets import TicketReader
from mockserver.seed.world_file.times import whole

_DAYS = 540
_SPAMMERS = 20  # one generated contact in so many sends nothing but spam


@dataclass(frozen=True, slots=True)
class Merged:
    """Written and generated tickets as one ascending stream, the same at each reading."""

    written: list[Ticket]
    generated: Iterable[Ticket]

    def __iter__(self) -> Iterator[Ticket]:
        return merge(self.written, self.generated, key=lambda ticket: ticket.id)


def plant(
    world: WorldFile, *, seed: int, tickets: int | None, locale: str | None, now: datetime
) -> list[Workspace]:
    """Return the workspaces of a world; equal arguments give equal records on every machine.

    `tickets` is how many the first generating workspace holds in all: written ones count, and all
    of them stand even if fewer are asked for. None leaves the number to the file, as None leaves
    the locale. Raises FixtureError.
    """
    wanted = _wanted(world, tickets)
    language = locale or world.locale or DEFAULT_LOCALE
    planters = [
        Planter(world, index, f"{seed} {workspace['id']}", language, whole(now))
        for index, workspace in enumerate(world.workspaces)
    ]
    blocks = share_ids(world, wanted)
    return [planter.plant(block) for planter, block in zip(planters, blocks, strict=True)]


def _wanted(world: WorldFile, tickets: int | None) -> list[int]:
    """Return how many tickets to make up in each workspace."""
    wanted = []
    for workspace in world.workspaces:
        asked = workspace.get("generate", {}).get("tickets", 0)
        if "generate" in workspace and tickets is not None:
            asked, tickets = tickets, None
        wanted.append(max(0, asked - len(workspace.get("tickets", ()))))
    return wanted


@dataclass(frozen=True, slots=True)
class Planter:
    """Plants one workspace of a world file."""

    world: WorldFile
    index: int
    seed: str
    locale: str
    now: datetime

    def plant(self, block: Block) -> Workspace:
        written = self.world.workspaces[self.index]
        cast, tokens = cast_of(written), tokens_of(written)
        place = f"workspaces[{self.index}]"
        reader = TicketReader(self.world.source, place, cast, self.now)
        standing = reader.tickets(written.get("tickets", []))
        made_up, strangers = self._generated(block, cast, tokens) if block.tickets else ([], [])
        return Workspace(
            id=written["id"],
            name=written["name"],
            users=tuple(cast.users.values()),
            channels=tuple(cast.channels.values()),
            tags=tuple(cast.tags.values()),
            contacts=(*cast.contacts.values(), *strangers),
            tokens=tokens,
            tickets=Merged(standing, made_up),
            ticket_count=len(standing) + len(block.tickets),
        )

    def _generated(
        self, block: Block, cast: Cast, tokens: tuple[Token, ...]
    ) -> tuple[Iterable[Ticket], list[Contact]]:
        people = People(self.locale, self.seed)
        contacts = people.contacts(chance(self.seed, "contacts"), block.contacts)
        spammers = max(1, len(contacts) // _SPAMMERS)
        agents = _agents(cast, tokens)
        made_up = GeneratedTickets(
            seed=self.seed,
            block=block,
            now=self.now,
            days=self.world.workspaces[self.index]["generate"].get("days", _DAYS),
            people=people,
            agents=agents,
            agents_and_left=[*agents, *(user for user in cast.users.values() if user.left)],
            channels=list(cast.channels.values()),
            tags=list(cast.tags.values()),
            contacts=contacts[spammers:] or contacts,
            spammers=contacts[:spammers],
        )
        return made_up, contacts


def _agents(cast: Cast, tokens: tuple[Token, ...]) -> list[User]:
    """Return who works on tickets: neither those who have left nor those who only read."""
    readers = {token.user_id for token in tokens if token.readonly}
    readers -= {token.user_id for token in tokens if not token.readonly}
    here = [user for user in cast.users.values() if not user.left]
    return [user for user in here if user.id not in readers] or here or list(cast.users.values())
