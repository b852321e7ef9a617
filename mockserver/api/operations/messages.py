"""The operations that add a message to a ticket."""

from mockserver.api.operations.registry import operation
from mockserver.api.request import OperationRequest
from mockserver.contract.errors import Invalid


@operation("replyToTicket")
def reply_to_ticket(call: OperationRequest) -> bytes:
    return call.store.messages.reply(call.caller, call.ticket.id, call.body["body"])


@operation("forwardTicket")
def forward_ticket(call: OperationRequest) -> bytes:
    message = call.body["forwarded_from_message_id"]
    sent = call.store.messages.forward(call.caller, call.ticket.id, call.body["body"], message)
    if sent is None:
        problem = "The selected forwarded from message id is invalid."
        raise Invalid({"forwarded_from_message_id": [problem]})
    return sent


@operation("addNote")
def add_note(call: OperationRequest) -> bytes:
    return call.store.messages.note(call.caller, call.ticket.id, call.body["body"])
