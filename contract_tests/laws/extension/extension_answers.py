"""Status, shape and access of every answer of the extension."""

from collections.abc import Iterator
from typing import Any

from contract_tests.laws.access import judge_read_only, why_no_other
from contract_tests.laws.extension.history import ExtensionHistory, rows
from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.responses import answered, judge_failures
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.schema.json_schema import faults_of, pointer
from mockserver.contract.operation import Operation

_SHAPES = {
    "getMe": "extension.me",
    "listMembers": "extension.members",
    "listChannels": "extension.channels",
    "listTags": "extension.tags",
    "listContacts": "extension.contacts",
    "getContact": "extension.contact",
    "listTicketActivities": "extension.activities",
    "replyToTicket": "extension.reply",
    "forwardTicket": "extension.forward",
    "addNote": "extension.note",
    "addTicketTag": "extension.tag.add",
    "removeTicketTag": "extension.tag.remove",
    "updateTicketTeam": "extension.team",
}
"""The requirement of the body of a success, by operation."""

_SHARED = {"listMembers": "id", "listTags": "ulid", "listContacts": "ulid", "listChannels": "id"}
"""What tells the rows of two workspaces apart, by list."""


@law("extension.answer.no_server_error")
def no_failures(history: ExtensionHistory) -> Iterator[Finding]:
    return judge_failures("extension.answer.no_server_error", history)


@law("extension.answer.status")
def known_statuses(history: ExtensionHistory) -> Iterator[Finding]:
    """A status is one of those documented; 404 and 405 may say that there is no such operation."""
    for exchange in answered(history):
        operation = history.operation(exchange)
        if operation is None or (exchange.status or 0) >= 500:
            continue
        if exchange.status in {*operation.responses, *_variants(operation), 400, 404, 405}:
            yield holds("extension.answer.status", exchange)
        else:
            yield violated("extension.answer.status", f"answered {exchange.status}", exchange)


@law(*_SHAPES.values())
def shapes(history: ExtensionHistory) -> Iterator[Finding]:
    """The body of a success fits its schema; documents of the vendor differ in two of them."""
    for operation_id, requirement in _SHAPES.items():
        if reason := history.why_absent(operation_id):
            yield not_observed(requirement, reason)
        for exchange in history.sent(operation_id):
            operation = history.operation(exchange)
            if operation is not None and exchange.successful:
                yield _judged(history, operation, requirement, exchange)


def _judged(
    history: ExtensionHistory, operation: Operation, requirement: str, exchange: Exchange
) -> Finding:
    if exchange.status in _variants(operation):
        return holds(requirement, exchange)
    if exchange.status != operation.success:
        message = f"answered {exchange.status}, not {operation.success}"
        return violated(requirement, message, exchange)
    schema = operation.responses[operation.success] or {}
    document = _documented(operation, exchange.document)
    fault = next(faults_of(history.whole_contract, schema, document), None)
    if fault is None:
        return holds(requirement, exchange)
    return violated(requirement, f"{pointer(fault[0])}: {fault[1]}", exchange)


def _variants(operation: Operation) -> set[int]:
    return {204} if operation.id == "removeTicketTag" else set()


def _documented(operation: Operation, document: Any) -> Any:
    """Return a body in the form of the page, where another document of the vendor differs."""
    if not isinstance(document, dict):
        return document
    if operation.id == "getMe" and {"user", "workspace"} <= document.keys():
        return document["user"]
    numbers = ("current_page", "last_page", "per_page", "total")
    if "data" in document and "meta" not in document and set(numbers) <= document.keys():
        links = dict.fromkeys(("first", "last"), "") | dict.fromkeys(("prev", "next"))
        return document | {"meta": {name: document[name] for name in numbers}, "links": links}
    return document


@law("extension.access.required")
def token_required(history: ExtensionHistory) -> Iterator[Finding]:
    """Without a token the answer is 401, where the deployment has the operation."""
    for exchange, _ in history.sent_by("none"):
        if exchange.status == 401:
            yield holds("extension.access.required", exchange)
        elif (exchange.status or 0) < 500:
            message = f"answered {exchange.status} without a token"
            yield violated("extension.access.required", message, exchange)


@law("extension.access.workspace")
def workspaces(history: ExtensionHistory) -> Iterator[Finding]:
    """Another workspace's token sees none of our records."""
    if "other" not in history.others:
        yield not_observed("extension.access.workspace", why_no_other(history.page))
        return
    for exchange, operation in history.sent_by("other"):
        if operation.id in _SHARED:
            yield _apart(history, exchange, operation.id, _SHARED[operation.id])
        elif exchange.successful:
            message = f"{operation.id} answered {exchange.status} to another workspace"
            yield violated("extension.access.workspace", message, exchange)
        elif exchange.client_error:
            yield holds("extension.access.workspace", exchange)


def _apart(history: ExtensionHistory, exchange: Exchange, operation: str, key: str) -> Finding:
    ours = {row.get(key) for e in history.lists(operation) for row in rows(e)}
    document = exchange.document if isinstance(exchange.document, dict) else {}
    theirs = {row.get(key) for row in document.get("data") or [] if isinstance(row, dict)}
    if ours & theirs:
        message = f"{len(ours & theirs)} of our rows are shown to another workspace"
        return violated("extension.access.workspace", message, exchange)
    return holds("extension.access.workspace", exchange)


@law("extension.access.forbidden")
def read_only(history: ExtensionHistory) -> Iterator[Finding]:
    """A token that may only read writes nothing."""
    if "readonly" not in history.others:
        reason = "no read-only token was given (--readonly-token)"
        yield not_observed("extension.access.forbidden", reason)
    for exchange, _ in history.sent_by("readonly"):
        yield from judge_read_only("extension.access.forbidden", exchange)
