"""The operations on tickets."""

from mockserver.api.operations.registry import operation
from mockserver.api.request import OperationRequest
from mockserver.contract.errors import Invalid
from mockserver.store import Page

_ACTIVITIES = 25
"""Activities on a page: the default of the other lists, as no size can be asked for."""

_SHOWN = 10
"""Ids of users in a hint."""


@operation("listTickets")
def list_tickets(call: OperationRequest) -> Page:
    number, size = call.numbers["page"], call.numbers["per_page"]
    return call.store.tickets.page(call.caller, call.filters, call.sort, number, size)


@operation("getTicket")
def get_ticket(call: OperationRequest) -> bytes:
    return call.store.detail(call.caller, call.ticket)


@operation("updateTicketStatus")
def update_ticket_status(call: OperationRequest) -> bytes:
    return call.store.changes.set_status(call.caller, call.ticket.id, call.body["status"])


@operation("updateTicketAssignee")
def update_ticket_assignee(call: OperationRequest) -> bytes:
    [(field, user)] = call.body.items()  # the choice `assignee_field` names it
    changed = call.store.changes.set_assignee(call.caller, call.ticket.id, user)
    if changed is None:
        ids = [str(each.id) for each in call.workspace.users if not each.left]
        more = ", …" if len(ids) > _SHOWN else ""
        hint = f"the workspace has no user {user}; there are {', '.join(ids[:_SHOWN])}{more}"
        raise Invalid({field: [f"The selected {field.replace('_', ' ')} is invalid."]}, hint)
    return changed


@operation("updateTicketTeam")
def update_ticket_team(call: OperationRequest) -> bytes:
    changed = call.store.changes.set_team(call.caller, call.ticket.id, call.body["team_id"])
    if changed is None:
        raise Invalid({"team_id": ["The selected team id is invalid."]})
    return changed


@operation("listTicketActivities")
def list_ticket_activities(call: OperationRequest) -> Page:
    return call.store.activities(call.caller, call.ticket, call.numbers["page"], _ACTIVITIES)
