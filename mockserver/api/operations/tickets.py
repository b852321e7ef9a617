"""The operations on tickets."""

from mockserver.api.operations.registry import operation
from mockserver.api.request import OperationRequest
from mockserver.contract.errors import Invalid
from mockserver.store import Page


@operation("listTickets")
def list_tickets(call: OperationRequest) -> Page:
    number, size = call.numbers["page"], call.numbers["per_page"]
    return call.store.page(call.caller, call.filters, call.sort, number, size)


@operation("getTicket")
def get_ticket(call: OperationRequest) -> bytes:
    return call.store.detail(call.caller, call.ticket)


@operation("updateTicketStatus")
def update_ticket_status(call: OperationRequest) -> bytes:
    return call.store.change_status(call.caller, call.ticket.id, call.body["status"])


@operation("updateTicketAssignee")
def update_ticket_assignee(call: OperationRequest) -> bytes:
    changed = call.store.change_assignee(call.caller, call.ticket.id, call.body["user_id"])
    if changed is None:
        raise Invalid({"user_id": ["The selected user id is invalid."]})
    return changed
