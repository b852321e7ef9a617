"""Defects of how requests are refused."""

from collections.abc import Callable

from mockserver.defects.changes.error_pages import (
    APP_PAGE,
    MISSING_PAGE,
    html,
    stack_trace,
)
from mockserver.defects.changes.exchange import (
    DETAILED,
    ELSEWHERE,
    OPERATIONS,
    WRITES,
    Exchange,
    Reply,
)
from mockserver.defects.defect import Behavior, Family

errors = Family("errors", on=OPERATIONS)

_ELSEWHERE = frozenset({ELSEWHERE})

Answer = Callable[[Reply], Reply]


def refused(status: int, answer: Answer) -> Behavior:
    """Word the refusals of one status in another way."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return answer(reply) if reply.status == status else reply

    return behavior


def _without_errors(reply: Reply) -> Reply:
    return reply.with_json({"message": reply.json["message"]})


def _errors_listed(reply: Reply) -> Reply:
    errors = [text for texts in reply.json["errors"].values() for text in texts]
    return reply.with_json({"message": reply.json["message"], "errors": errors})


def _errors_bare(reply: Reply) -> Reply:
    errors = {name: texts[0] for name, texts in reply.json["errors"].items()}
    return reply.with_json({"message": reply.json["message"], "errors": errors})


DEFECTS = (
    errors(
        "invalid-without-errors",
        "answer.error",
        refused(422, _without_errors),
        on=WRITES,
        visible="writing",
    ),
    errors(
        "invalid-errors-listed",
        "answer.error",
        refused(422, _errors_listed),
        on=WRITES,
        visible="writing",
    ),
    errors(
        "invalid-errors-bare-texts",
        "answer.error",
        refused(422, _errors_bare),
        on=WRITES,
        visible="writing",
    ),
    errors(
        "invalid-without-message",
        "answer.error",
        refused(422, lambda reply: reply.with_json({"errors": reply.json["errors"]})),
        on=WRITES,
        visible="writing",
    ),
    errors(
        "invalid-200",
        "status.refused",
        refused(422, lambda reply: reply.with_status(200)),
        on=WRITES,
        visible="writing",
    ),
    errors(
        "missing-ticket-html",
        "answer.json",
        refused(404, lambda reply: html(reply, 404, MISSING_PAGE)),
        on=DETAILED,
    ),
    errors(
        "missing-ticket-empty",
        "answer.json",
        refused(404, lambda reply: reply.with_body(b"")),
        on=DETAILED,
    ),
    errors(
        "missing-ticket-without-message",
        "answer.error",
        refused(404, lambda reply: reply.with_json({"error": 404})),
        on=DETAILED,
    ),
    errors(
        "missing-route-page",
        "answer.json",
        refused(404, lambda reply: html(reply, 200, APP_PAGE)),
        on=_ELSEWHERE,
    ),
    errors("wrong-method-500", "method.unknown", refused(405, stack_trace), on=_ELSEWHERE),
)
