"""Random actions of contacts and agents, determined by the world's seed."""

from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

from mockserver.admin.activity import sample_text
from mockserver.contract.errors import StoreUnavailable
from mockserver.seed.generator.random import seeded_random
from mockserver.seed.records import Contact, User, Workspace
from mockserver.store import Caller, NewTicket, Store, WorldEntry

# An action is chosen in proportion to its number of entries.
_ACTIONS = (
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
"""Number of latest tickets that actions choose from."""


@dataclass(frozen=True, slots=True)
class Action:
    number: int
    action: str
    ticket: int


class ActionRunner:
    """Runs actions in the first workspace of a world."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def next(self, name: str) -> Action | None:
        """Run a world's next action; return None if the world is gone or has no agents.

        An action depends on the world's seed, its state and the action's number alone.
        Raises StoreUnavailable if the world was replaced during the action.
        """
        entry = self._store.worlds.entry(name)
        if entry is None:
            return None
        try:
            return self._run(entry)
        except Exception as error:
            now = self._store.worlds.entry(name)
            if now is None or now.world.layer != entry.world.layer:
                raise StoreUnavailable(f"world {name} was replaced during an action") from error
            raise

    def _run(self, entry: WorldEntry) -> Action | None:
        number = self._store.worlds.next_act(entry.world)
        workspace = self._store.workspaces(entry.world)[0]
        agents = [user for user in workspace.users if not user.left]
        if not agents or not workspace.channels:
            return None
        random = seeded_random(entry.seed, "act", number)
        action, ticket = _ActionContext(self._store, entry, workspace, agents, random).run()
        return Action(number, action, ticket)


@dataclass(frozen=True, slots=True)
class _ActionContext:
    """The records and random numbers that one action chooses from."""

    store: Store
    entry: WorldEntry
    workspace: Workspace
    agents: list[User]
    random: Random

    def run(self) -> tuple[str, int]:
        what = self.random.choice(_ACTIONS)
        ticket = None if what == "write" else self._ticket(_NEEDS.get(what, "open"))
        if ticket is None:
            return "write", self._write()
        return what, self._work(what, ticket)

    def _write(self) -> int:
        world = self.entry.world
        known = self.store.contacts.pick(world, self.workspace.id, self.random.random())
        name, email = sample_text.new_contact(self.random)
        contact = known or Contact(0, "", name, email)
        subject, body = sample_text.opening(self.random, contact)
        channel = self.random.choice(self.workspace.channels)
        new = NewTicket(subject, body, contact, channel)
        return self.store.messages.open_ticket(world, self.workspace.id, new)

    def _work(self, what: str, ticket: dict[str, Any]) -> int:
        agent = self.random.choice(self.agents)
        caller = Caller(self.entry.world, agent.id, self.workspace.id, readonly=False)
        id: int = ticket["id"]
        if what == "assign":
            self.store.changes.set_assignee(caller, id, self.random.choice(self.agents).id)
        elif what == "unassign":
            self.store.changes.set_assignee(caller, id, None)
        elif what in ("close", "reopen"):
            self.store.changes.set_status(caller, id, "closed" if what == "close" else "open")
        elif what == "tag":
            self._tag(caller, id)
        else:
            self._say(what, ticket, agent, caller)
        return id

    def _tag(self, caller: Caller, id: int) -> None:
        if self.workspace.tags:
            tag = self.random.choice(self.workspace.tags)
            self.store.changes.set_tag(caller.world, id, tag.id, on=True, user=caller.user)

    def _say(self, what: str, ticket: dict[str, Any], agent: User, caller: Caller) -> None:
        world, messages = self.entry.world, self.store.messages
        contact = self.store.contacts.of_ticket(world, ticket["id"])
        body = sample_text.message(self.random, what, ticket.get("subject", ""), contact, agent)
        if what == "reply":
            messages.add_contact_message(world, ticket["id"], body, contact)
        elif what == "note":
            messages.note(caller, ticket["id"], body)
        else:
            messages.reply(caller, ticket["id"], body)

    def _ticket(self, status: str) -> dict[str, Any] | None:
        """Return one of the latest created tickets with this status."""
        caller = Caller(self.entry.world, self.agents[0].id, self.workspace.id, readonly=True)
        page = self.store.tickets.page(caller, {"status": [status]}, ["-created_at"], 1, _RECENT)
        if not page.rows:
            return None
        found: dict[str, Any] = orjson.loads(self.random.choice(page.rows))
        return found
