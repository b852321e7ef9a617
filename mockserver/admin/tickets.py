"""Admin API: new tickets, messages and tags, as contacts and agents create them."""

from collections.abc import Iterable
from random import Random
from typing import Any, Protocol, TypeVar

import orjson

from mockserver.admin.activity import sample_text
from mockserver.admin.context import Conflict
from mockserver.admin.registry import AdminRequest, admin_endpoint
from mockserver.contract.errors import Invalid, NotFound
from mockserver.seed.generator.random import seeded_random
from mockserver.seed.records import Contact, User, Workspace
from mockserver.seed.world_file.tickets import paragraphs
from mockserver.store import Caller, NewTicket, TicketRow


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


Record = TypeVar("Record", bound=_Numbered)


@admin_endpoint("receiveTicket")
def receive_ticket(request: AdminRequest) -> dict[str, Any]:
    asked, world = request.body, request.world
    workspace = _workspace(request)
    if not workspace.channels:
        raise Conflict(f"Workspace {workspace.id} has no channels for a ticket to arrive at.")
    random = _chance(request, "write")
    contact = _contact(request, workspace, random)
    subject, body_html = sample_text.opening(random, contact)
    new = NewTicket(
        subject=asked.get("subject", subject),
        body_html=_body(asked) or body_html,
        contact=contact,
        channel=_named(asked, "channel", workspace.channels) or random.choice(workspace.channels),
        tags=_tags(asked, workspace),
    )
    id = request.context.store.messages.open_ticket(world, workspace.id, new)
    return _ticket(request, id)


@admin_endpoint("receiveReply")
def receive_reply(request: AdminRequest) -> dict[str, Any]:
    found = _found(request)
    contact = request.context.store.contacts.of_ticket(request.world, found.id)
    return _write(request, found, "reply", contact)


@admin_endpoint("answerTicket")
def answer_ticket(request: AdminRequest) -> dict[str, Any]:
    found = _found(request)
    return _write(request, found, "answer", _agent(request, found))


@admin_endpoint("noteTicket")
def note_ticket(request: AdminRequest) -> dict[str, Any]:
    found = _found(request)
    return _write(request, found, "note", _agent(request, found))


@admin_endpoint("tagTicket")
def tag_ticket(request: AdminRequest) -> dict[str, Any]:
    return _label(request, on=True)


@admin_endpoint("untagTicket")
def untag_ticket(request: AdminRequest) -> dict[str, Any]:
    return _label(request, on=False)


def _label(request: AdminRequest, *, on: bool) -> dict[str, Any]:
    found, tag = _found(request), request.path["tag"]
    if tag not in [known.id for known in _workspace_of(request, found).tags]:
        raise NotFound(f"The workspace of ticket {found.id} has no tag {tag}.")
    request.context.store.changes.set_tag(request.world, found.id, tag, on=on)
    return _ticket(request, found.id)


def _write(
    request: AdminRequest, found: TicketRow, part: str, sender: User | Contact
) -> dict[str, Any]:
    """Add a `reply` of the contact, or an `answer` or `note` of a user."""
    store = request.context.store
    body = _body(request.body)
    if body is None:
        contact = store.contacts.of_ticket(request.world, found.id)
        agent = sender if isinstance(sender, User) else None
        subject = orjson.loads(found.item).get("subject", "")
        body = sample_text.message(_chance(request, part), part, subject, contact, agent)
    if isinstance(sender, Contact):
        store.messages.add_contact_message(request.world, found.id, body, sender)
    else:
        caller = Caller(request.world, sender.id, found.workspace, readonly=False)
        (store.messages.note if part == "note" else store.messages.reply)(caller, found.id, body)
    return _ticket(request, found.id)


def _found(request: AdminRequest) -> TicketRow:
    found = request.context.store.ticket(request.world, request.path["id"])
    if found is None:
        raise NotFound(f"World {request.path['world']!r} has no ticket {request.path['id']}.")
    return found


def _ticket(request: AdminRequest, id: int) -> dict[str, Any]:
    caller = Caller(request.world, user=0, workspace=0, readonly=True)
    store = request.context.store
    with store.read():
        found = store.ticket(request.world, id)
        assert found is not None, "no ticket is deleted"
        return {"ticket": orjson.Fragment(store.detail(caller, found))}


def _body(asked: dict[str, Any]) -> str | None:
    if "text" in asked:
        return paragraphs(asked["text"])
    body: str | None = asked.get("body_html")
    return body


def _workspace(request: AdminRequest) -> Workspace:
    workspaces = request.context.store.workspaces(request.world)
    return _named(request.body, "workspace", workspaces) or workspaces[0]


def _workspace_of(request: AdminRequest, found: TicketRow) -> Workspace:
    return request.context.store.workspace(request.world, found.workspace)


def _contact(request: AdminRequest, workspace: Workspace, random: Random) -> Contact:
    """Return the sender: the contact given, else a random known or new one."""
    contacts, asked = request.context.store.contacts, request.body.get("contact")
    if asked is None:
        known = contacts.pick(request.world, workspace.id, random.random())
        name, email = sample_text.new_contact(random)
    else:
        name, email = asked.get("name"), asked["email"]
        known = contacts.by_email(request.world, workspace.id, email)
    return known or Contact(0, "", name, email)


def _tags(asked: dict[str, Any], workspace: Workspace) -> tuple[Any, ...]:
    ids = dict.fromkeys(int(id) for id in asked.get("tags", ()))
    return tuple(_named({"tags": id}, "tags", workspace.tags) for id in ids)


def _agent(request: AdminRequest, found: TicketRow) -> User:
    agents = [user for user in _workspace_of(request, found).users if not user.left]
    if not agents:
        raise Conflict(f"The workspace of ticket {found.id} has no user who could write.")
    asked = _named(request.body, "user", agents)
    assignee = next((user for user in agents if user.id == found.assignee), None)
    return asked or assignee or _chance(request, "agent").choice(agents)


def _named(asked: dict[str, Any], field: str, known: Iterable[Record]) -> Record | None:
    """Return the record whose id a field names, None without the field; raises Invalid."""
    if field not in asked:
        return None
    records = {record.id: record for record in known}
    id = int(asked[field])
    if id not in records:
        noun = "tag" if field == "tags" else field
        remedy = f"choose one of {', '.join(map(str, records)) or 'none'}"
        raise Invalid({field: [f"{field}: there is no {noun} {id}; {remedy}."]})
    return records[id]


def _chance(request: AdminRequest, what: str) -> Random:
    """Return random numbers that depend on the world's seed and its number of changes."""
    entry = request.entry
    return seeded_random(entry.seed, what, entry.world.changes)
