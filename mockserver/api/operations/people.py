"""The operations on the user of the token, the members and the contacts."""

import re
from dataclasses import dataclass
from typing import Any

from mockserver.api.operations.registry import operation
from mockserver.api.request import OperationRequest
from mockserver.contract.errors import NotFound
from mockserver.seed.records import User
from mockserver.store import Page

_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class WorkspaceSummary:
    id: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Me:
    """The user of a token with its workspace; the contract shows its fields, or its parts."""

    id: int
    name: str
    email: str
    avatar_url: str | None
    timezone: str | None
    user: User
    workspace: WorkspaceSummary


@operation("getMe")
def get_me(call: OperationRequest) -> Me:
    workspace = call.workspace
    user = next(each for each in workspace.users if each.id == call.caller.user)
    slug = _NOT_IN_SLUGS.sub("-", workspace.name.lower()).strip("-")
    return Me(
        user.id,
        user.name,
        user.email,
        user.avatar_url,
        user.timezone,
        user,
        WorkspaceSummary(workspace.id, workspace.name, slug),
    )


@operation("listMembers")
def list_members(call: OperationRequest) -> dict[str, Any]:
    members = [user for user in call.workspace.users if not user.left]
    return {"data": sorted(members, key=lambda user: (user.name, user.id))}


@operation("listContacts")
def list_contacts(call: OperationRequest) -> Page:
    number, size = call.numbers["page"], call.numbers["per_page"]
    return call.store.contacts.page(call.caller, call.filters, call.sort, number, size)


@operation("getContact")
def get_contact(call: OperationRequest) -> dict[str, Any]:
    key = call.path["id"]
    found = call.store.contacts.find(call.caller, id=key.id, ulid=key.ulid)
    if found is None:
        raise NotFound(call.store.not_found_message(key.text, "Contact"))
    return {"contact": found}
