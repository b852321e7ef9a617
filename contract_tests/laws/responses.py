"""Status, media type and schema of every answer of the run."""

import re
from collections.abc import Iterator
from typing import Any

from contract_tests.laws import requirements
from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import UNAVAILABLE, Exchange, operation_of
from contract_tests.observations.history import History
from contract_tests.observations.schema.json_schema import faults_of, pointer, reference
from mockserver.contract.operation import Operation

_INTERNALS = re.compile(
    r"Traceback \(most recent call last\)|^#\d+ \S+\(\d+\)|\bat [\w.$]+\([\w.]+:\d+\)"
    r"|SQLSTATE\[|\.php(?:\(\d+\)|:\d+)|/vendor/laravel/|File \"[^\"]+\", line \d+"
    r"|[\w\\]+\\[A-Z]\w+(?:Error|Exception)\b"
    r"|\b[Nn]ear \"[^\"]*\": syntax error|(?:sqlite3|psycopg2?|sqlalchemy)\.\w",
    re.MULTILINE,
)
_TRACE_KEYS = {"trace", "exception", "traceback", "stack", "stacktrace"}
_TICKET_PARTS = {"messages": "detail.messages", "activities": "detail.activities"}


@law("answer.no_server_error")
def server_errors(history: History) -> Iterator[Finding]:
    """No answer is a 5xx; each that is one counts, however rarely it comes."""
    return judge_failures("answer.no_server_error", history)


def judge_failures(requirement: str, history: History) -> Iterator[Finding]:
    for exchange in answered(history):
        status = exchange.status or 0
        if status >= 500:
            yield violated(requirement, f"answered {status}", exchange)
        else:
            yield holds(requirement, exchange)


@law("answer.json")
def json_answers(history: History) -> Iterator[Finding]:
    """Every answer is JSON; a refusal with no body or plain text another law names."""
    for exchange in answered(history):
        if exchange.request.method == "HEAD" or _may_lack_a_body(exchange):
            continue
        if _is_refused_plainly(exchange):
            continue
        if fault := _json_fault(exchange):
            yield violated("answer.json", fault, exchange)
        else:
            yield holds("answer.json", exchange)


@law("answer.no_internals")
def internals(history: History) -> Iterator[Finding]:
    for exchange in answered(history):
        if found := _leak(exchange):
            yield violated("answer.no_internals", f"the answer shows {found}", exchange)
        else:
            yield holds("answer.no_internals", exchange)


@law("answer.status")
def statuses(history: History) -> Iterator[Finding]:
    for exchange in answered(history):
        operation = operation_of(history.contract, exchange)
        if operation is None or (exchange.status or 0) >= 500:
            continue
        known = set(operation.responses) | {400, 404, 413, 414, 422, 429, 431}
        if exchange.status not in known:
            yield violated("answer.status", f"answered {exchange.status}", exchange)
        else:
            yield holds("answer.status", exchange)


@law("answer.error")
def refusals(history: History) -> Iterator[Finding]:
    for exchange in answered(history):
        if not exchange.client_error or exchange.request.method == "HEAD":
            continue
        if _is_refused_plainly(exchange):
            yield violated("answer.error", f"{exchange.status} without a JSON body", exchange)
        if not exchange.is_json:
            continue
        schema = "ValidationError" if exchange.status == 422 else "ApiError"
        fault = next(faults_of(history.contract, reference(schema), exchange.document), None)
        if fault is not None:
            message = f"{exchange.status}: {pointer(fault[0])}: {fault[1]}"
            yield violated("answer.error", message, exchange)
        else:
            yield holds("answer.error", exchange)


@law("answer.throttled")
def throttling(history: History) -> Iterator[Finding]:
    throttled = [exchange for exchange in answered(history) if exchange.status == 429]
    if not throttled:
        yield not_observed("answer.throttled", "the rate limit was never reached")
    for exchange in throttled:
        after = exchange.header("Retry-After") or ""
        if after.isdigit():
            yield holds("answer.throttled", exchange)
        else:
            message = "429 without Retry-After in seconds"
            yield violated("answer.throttled", message, exchange)


@law(
    "list.answer",
    "list.data",
    "list.links",
    "list.meta",
    "ticket.id",
    "ticket.ulid",
    "ticket.subject",
    "ticket.status",
    "ticket.channel",
    "ticket.assignee",
    "ticket.contact",
    "ticket.tags",
    "ticket.latest_message_preview",
    "ticket.summary",
    "ticket.created_at",
    "ticket.updated_at",
    "detail.answer",
    "detail.messages",
    "detail.activities",
    "update.answer",
)
def schemas(history: History) -> Iterator[Finding]:
    """Every body of status 200 fits its schema, formats included."""
    for exchange in answered(history):
        operation = operation_of(history.contract, exchange)
        if operation is None or exchange.request.method == "HEAD" or exchange.status != 200:
            continue
        if exchange.is_json:
            yield from _judge_body(history, operation, exchange)


def answered(history: History) -> Iterator[Exchange]:
    """Yield the answers of the API; what a host says elsewhere the contract does not bind."""
    own = (exchange for exchange in history.exchanges if exchange.request.path.startswith("/api/"))
    return (exchange for exchange in own if exchange.answered)


def _judge_body(history: History, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    schema = operation.responses[operation.success]
    broken = set()
    for path, message, missing in faults_of(history.contract, schema or {}, exchange.document):
        requirement = _requirement(operation.id, path, missing)
        if requirement in broken:
            continue
        broken.add(requirement)
        yield violated(requirement, f"{pointer(path)}: {message}", exchange)
    for requirement in _touched(operation.id, exchange.document):
        if requirement not in broken:
            yield holds(requirement, exchange)


def _requirement(operation: str, path: list[str | int], missing: str | None) -> str:
    """Return the requirement that the place of a fault belongs to."""
    parts = [str(part) for part in path] + ([missing] if missing else [])
    if operation == "listTickets":
        if parts[:1] == ["data"]:
            name = f"ticket.{parts[2]}" if len(parts) > 2 else ""
            return name if name in requirements.load() else "list.data"
        return f"list.{parts[0]}" if parts and parts[0] in ("links", "meta") else "list.answer"
    envelope = "detail.answer" if operation == "getTicket" else "update.answer"
    if len(parts) < 2:
        return envelope
    name = _TICKET_PARTS.get(parts[1], f"ticket.{parts[1]}")
    return name if name in requirements.load() else envelope


def _touched(operation: str, document: Any) -> Iterator[str]:
    """Yield the requirements whose part of the body is there to be judged."""
    tickets: list[Any] = []
    if not isinstance(document, dict):
        return
    if operation == "listTickets":
        yield from ("list.answer", "list.data", "list.links", "list.meta")
        data = document.get("data")
        tickets = data if isinstance(data, list) else []
    else:
        yield "detail.answer" if operation == "getTicket" else "update.answer"
        tickets = [document.get("ticket")]
    names = {name for ticket in tickets if isinstance(ticket, dict) for name in ticket}
    for name in sorted(names & _TICKET_FIELDS):
        yield f"ticket.{name}"
    if operation == "getTicket":
        yield from (_TICKET_PARTS[name] for name in sorted(names & set(_TICKET_PARTS)))


_TICKET_FIELDS = {
    "id", "ulid", "subject", "status", "channel", "assignee", "contact", "tags",
    "latest_message_preview", "summary", "created_at", "updated_at",
}  # fmt: skip


def _may_lack_a_body(exchange: Exchange) -> bool:
    """True for the answer to a write, which the page does not show, and for a gateway's page."""
    by_gateway = exchange.status in UNAVAILABLE and not exchange.is_json
    is_write = exchange.request.method == "PUT" and exchange.successful
    return by_gateway or exchange.status == 204 or (is_write and not exchange.body)


def _is_refused_plainly(exchange: Exchange) -> bool:
    """True for a refusal with no body or plain text: the page shows JSON for successes only."""
    if not exchange.client_error or exchange.is_json or exchange.cut:
        return False
    is_text = exchange.media_type == "text/plain" and not exchange.body.lstrip().startswith(b"<")
    return is_text or not exchange.body.strip()


def _json_fault(exchange: Exchange) -> str | None:
    if exchange.cut:
        return f"the answer {exchange.status} could not be read: {exchange.cut}"
    if not exchange.is_json:
        kind = exchange.media_type or "no media type"
        return f"the body of {exchange.status} is not JSON ({kind}, {len(exchange.body)} bytes)"
    media = exchange.media_type
    if media != "application/json" and not media.endswith("+json"):
        return f"JSON is sent as {media or 'nothing'}"
    return None


def _leak(exchange: Exchange) -> str | None:
    """Return the sign of the server's inside; a success may quote anything people wrote."""
    document = exchange.document
    if exchange.status is not None and exchange.status < 400:
        return None
    if isinstance(document, dict) and (found := _TRACE_KEYS & {k.lower() for k in document}):
        return f"the key {min(found)!r}"
    match = _INTERNALS.search(exchange.body.decode("utf-8", "replace"))
    return repr(match[0][:60]) if match and not _model_not_found(exchange) else None


def _model_not_found(exchange: Exchange) -> bool:
    """The framework's ordinary 404 names a class; that is its documented text."""
    document = exchange.document
    text = str(document.get("message", "")) if isinstance(document, dict) else ""
    return exchange.status == 404 and text.startswith("No query results for model")
