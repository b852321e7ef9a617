"""Levers of mail: what customers and colleagues write, and labels."""

from collections.abc import Iterable
from random import Random
from typing import Any, Protocol, TypeVar

import orjson

from mockserver.admin.activity import sample_text as scribe
from mockserver.admin.context import Conflict
from mockserver.admin.registry import Pull, lever
from mockserver.contract.errors import Invalid, NotFound
from mockserver.seed.generator.random import chance
from mockserver.seed.records import Contact, MessageType, User, Workspace
from mockserver.seed.world_file.tickets import paragraphs
from mockserver.store import Caller, Opening, TicketRow


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


Record = TypeVar("Record", bound=_Numbered)


@lever("receiveTicket")
def receive_ticket(pull: Pull) -> dict[str, Any]:
    asked, world = pull.body, pull.world
    workspace = _workspace(pull)
    if not workspace.channels:
        raise Conflict(f"Workspace {workspace.id} has no channels for a ticket to arrive at.")
    random = _chance(pull, "write")
    contact = _contact(pull, workspace, random)
    subject, made_up = scribe.opening(random, contact)
    opening = Opening(
        subject=asked.get("subject", subject),
        body_html=_body(asked) or made_up,
        contact=contact,
        channel=_named(asked, "channel", workspace.channels) or random.choice(workspace.channels),
        tags=_tags(asked, workspace),
    )
    return _ticket(pull, pull.mock.store.activity.open_ticket(world, workspace.id, opening))


@lever("receiveReply")
def receive_reply(pull: Pull) -> dict[str, Any]:
    found = _found(pull)
    contact = pull.mock.store.activity.contact_of(pull.world, found.id)
    return _write(pull, found, "inbound", "reply", contact)


@lever("answerTicket")
def answer_ticket(pull: Pull) -> dict[str, Any]:
    found = _found(pull)
    return _write(pull, found, "outbound", "answer", _agent(pull, found))


@lever("noteTicket")
def note_ticket(pull: Pull) -> dict[str, Any]:
    found = _found(pull)
    return _write(pull, found, "note", "note", _agent(pull, found))


@lever("tagTicket")
def tag_ticket(pull: Pull) -> dict[str, Any]:
    return _label(pull, on=True)


@lever("untagTicket")
def untag_ticket(pull: Pull) -> dict[str, Any]:
    return _label(pull, on=False)


def _label(pull: Pull, *, on: bool) -> dict[str, Any]:
    found, tag = _found(pull), pull.path["tag"]
    if tag not in [known.id for known in _workspace_of(pull, found).tags]:
        raise NotFound(f"The workspace of ticket {found.id} has no tag {tag}.")
    pull.mock.store.activity.set_tag(pull.world, found.id, tag, on=on)
    return _ticket(pull, found.id)


def _write(
    pull: Pull, found: TicketRow, kind: MessageType, part: str, sender: User | Contact
) -> dict[str, Any]:
    store = pull.mock.store.activity
    body = _body(pull.body)
    if body is None:
        contact = store.contact_of(pull.world, found.id)
        agent = sender if isinstance(sender, User) else None
        subject = orjson.loads(found.item).get("subject", "")
        body = scribe.message(_chance(pull, part), part, subject, contact, agent)
    store.add_message(pull.world, found.id, kind, body, sender)
    return _ticket(pull, found.id)


def _found(pull: Pull) -> TicketRow:
    found = pull.mock.store.activity.find(pull.world, pull.path["id"])
    if found is None:
        raise NotFound(f"World {pull.path['world']!r} has no ticket {pull.path['id']}.")
    return found


def _ticket(pull: Pull, id: int) -> dict[str, Any]:
    caller = Caller(pull.world, user=0, workspace=0, readonly=True)
    store = pull.mock.store
    with store.read():
        found = store.activity.find(pull.world, id)
        assert found is not None, "no ticket is deleted"
        return {"ticket": orjson.Fragment(store.detail(caller, found))}


def _body(asked: dict[str, Any]) -> str | None:
    if "text" in asked:
        return paragraphs(asked["text"])
    body: str | None = asked.get("body_html")
    return body


def _workspace(pull: Pull) -> Workspace:
    workspaces = pull.mock.store.activity.workspaces(pull.world)
    return _named(pull.body, "workspace", workspaces) or workspaces[0]


def _workspace_of(pull: Pull, found: TicketRow) -> Workspace:
    workspaces = pull.mock.store.activity.workspaces(pull.world)
    return next(each for each in workspaces if each.id == found.workspace)


def _contact(pull: Pull, workspace: Workspace, random: Random) -> Contact:
    """Return who writes: as asked, or somebody who wrote before, or a stranger."""
    store, asked = pull.mock.store.activity, pull.body.get("contact")
    if asked is None:
        known = store.any_contact(pull.world, workspace.id, random.random())
        name, email = scribe.stranger(random)
    else:
        name, email = asked.get("name"), asked["email"]
        known = store.contact(pull.world, workspace.id, email)
    return known or Contact(0, "", name, email)


def _tags(asked: dict[str, Any], workspace: Workspace) -> tuple[Any, ...]:
    ids = dict.fromkeys(int(id) for id in asked.get("tags", ()))
    return tuple(_named({"tags": id}, "tags", workspace.tags) for id in ids)


def _agent(pull: Pull, found: TicketRow) -> User:
    agents = [user for user in _workspace_of(pull, found).users if not user.left]
    if not agents:
        raise Conflict(f"The workspace of ticket {found.id} has nobody who could write.")
    asked = _named(pull.body, "user", agents)
    assignee = next((user for user in agents if user.id == found.assignee), None)
    return asked or assignee or _chance(pull, "agent").choice(agents)


def _named(asked: dict[str, Any], field: str, known: Iterable[Record]) -> Record | None:
    """Return the record whose id a field names; None: it names none. Raises Invalid."""
    if field not in asked:
        return None
    records = {record.id: record for record in known}
    id = int(asked[field])
    if id not in records:
        noun = "tag" if field == "tags" else field
        remedy = f"choose one of {', '.join(map(str, records)) or 'none'}"
        raise Invalid({field: [f"{field}: there is no {noun} {id}; {remedy}."]})
    return records[id]


def _chance(pull: Pull, what: str) -> Random:
    """Return the chance of the next writing: the same after the same changes of the same seed."""
    entry = pull.entry
    return chance(entry.seed, what, entry.world.changes)
