"""The operations on tags and channels."""

from typing import Any

from mockserver.api.operations.registry import operation
from mockserver.api.request import OperationRequest
from mockserver.contract.errors import NotFound


@operation("listTags")
def list_tags(call: OperationRequest) -> dict[str, Any]:
    tags = call.workspace.tags
    return {"data": sorted(tags, key=lambda tag: (tag.name, tag.id))}


@operation("listChannels")
def list_channels(call: OperationRequest) -> dict[str, Any]:
    return {"data": call.workspace.channels}


@operation("addTicketTag")
def add_ticket_tag(call: OperationRequest) -> bytes:
    return _set_tag(call, on=True)


@operation("removeTicketTag")
def remove_ticket_tag(call: OperationRequest) -> bytes:
    return _set_tag(call, on=False)


def _set_tag(call: OperationRequest, *, on: bool) -> bytes:
    key, caller = call.path["tag"], call.caller
    tags = call.workspace.tags
    found = next((t.id for t in tags if t.id == key.id or t.ulid.upper() == key.ulid), None)
    if found is None:
        raise NotFound(call.store.not_found_message(key.text, "Tag"))
    return call.store.changes.set_tag(caller.world, call.ticket.id, found, on=on, user=caller.user)
