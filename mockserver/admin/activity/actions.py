"""What busy colleagues and customers do next: one act at a time, from the world's seed."""

from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

from mockserver.admin.activity import sample_text as scribe
from mockserver.contract.errors import StoreUnavailable
from mockserver.seed.generator.random import chance
from mockserver.seed.records import Contact, User, Workspace
from mockserver.store import Caller, Opening, Store, WorldEntry

# Each act as often as it stands here.
_ACTS = (
    *("write",) * 3,
    *("reply",) * 4,
    *("answer",) * 4,
    *("note",) * 2,
    *("assign",) * 3,
    *("close",) * 3,
    "unassign",
    "reopen",
    "tag",
)
_NEEDS = {"reopen": "closed"}
_RECENT = 50
"""Tickets that are worked on: those that came last."""


@dataclass(frozen=True, slots=True)
class Act:
    number: int
    what: str
    ticket: int


class Acts:
    """Plays acts in the first workspace of a world, where its first token works."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def next(self, name: str) -> Act | None:
        """Play a world's next act; None: the world is gone, or nobody works there.

        The acts of a world follow from its seed and their number: from the same state
        the same numbers do the same. Raises StoreUnavailable where the world became another
        one during the act.
        """
        entry = self._store.worlds.entry(name)
        if entry is None:
            return None
        try:
            return self._play(entry)
        except Exception as error:
            now = self._store.worlds.entry(name)
            if now is None or now.world.layer != entry.world.layer:
                raise StoreUnavailable(f"world {name} has gone meanwhile") from error
            raise

    def _play(self, entry: WorldEntry) -> Act | None:
        number = self._store.worlds.next_act(entry.world)
        workspace = self._store.activity.workspaces(entry.world)[0]
        agents = [user for user in workspace.users if not user.left]
        if not agents or not workspace.channels:
            return None
        scene = _Scene(self._store, entry, workspace, agents, chance(entry.seed, "act", number))
        what, ticket = scene.play()
        return Act(number, what, ticket)


@dataclass(frozen=True, slots=True)
class _Scene:
    """One act: who and what there is to choose from, and the chance that chooses."""

    store: Store
    entry: WorldEntry
    workspace: Workspace
    agents: list[User]
    random: Random

    def play(self) -> tuple[str, int]:
        what = self.random.choice(_ACTS)
        ticket = None if what == "write" else self._ticket(_NEEDS.get(what, "open"))
        if ticket is None:
            return "write", self._write()
        return what, self._work(what, ticket)

    def _write(self) -> int:
        world, store = self.entry.world, self.store.activity
        known = store.any_contact(world, self.workspace.id, self.random.random())
        name, email = scribe.stranger(self.random)
        contact = known or Contact(0, "", name, email)
        subject, body = scribe.opening(self.random, contact)
        channel = self.random.choice(self.workspace.channels)
        return store.open_ticket(world, self.workspace.id, Opening(subject, body, contact, channel))

    def _work(self, what: str, ticket: dict[str, Any]) -> int:
        agent = self.random.choice(self.agents)
        caller = Caller(self.entry.world, agent.id, self.workspace.id, readonly=False)
        id: int = ticket["id"]
        if what == "assign":
            self.store.change_assignee(caller, id, self.random.choice(self.agents).id)
        elif what == "unassign":
            self.store.change_assignee(caller, id, None)
        elif what in ("close", "reopen"):
            self.store.change_status(caller, id, "closed" if what == "close" else "open")
        elif what == "tag":
            self._tag(id)
        else:
            self._say(what, ticket, agent)
        return id

    def _tag(self, id: int) -> None:
        if self.workspace.tags:
            tag = self.random.choice(self.workspace.tags)
            self.store.activity.set_tag(self.entry.world, id, tag.id, on=True)

    def _say(self, what: str, ticket: dict[str, Any], agent: User) -> None:
        world, store = self.entry.world, self.store.activity
        contact = store.contact_of(world, ticket["id"])
        body = scribe.message(self.random, what, ticket.get("subject", ""), contact, agent)
        if what == "reply":
            store.add_message(world, ticket["id"], "inbound", body, contact)
        else:
            store.add_message(
                world, ticket["id"], "note" if what == "note" else "outbound", body, agent
            )

    def _ticket(self, status: str) -> dict[str, Any] | None:
        """Return one of the tickets that came last; by when they came, not by who moved them."""
        caller = Caller(self.entry.world, self.agents[0].id, self.workspace.id, readonly=True)
        page = self.store.page(caller, {"status": [status]}, ["-created_at"], 1, _RECENT)
        if not page.rows:
            return None
        found: dict[str, Any] = orjson.loads(self.random.choice(page.rows))
        return found
