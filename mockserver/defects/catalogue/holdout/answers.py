"""Defects of the answer to a change, and of other methods."""

from mockserver.defects.catalogue.second.answers import answered, methods, replied, writes
from mockserver.defects.changes.exchange import (
    Exchange,
    Reply,
)
from mockserver.defects.changes.time_formats import later


def put_instead(exchange: Exchange) -> Reply:
    """Take another method for the PUT of the same path, if there is one."""
    if exchange.request.method not in ("POST", "PATCH"):
        return exchange.send()
    if not exchange.request.path.endswith(("/status", "/assignee")):
        return exchange.send()
    return exchange.send(exchange.request.with_method("PUT"))


DEFECTS = (
    writes(
        "answer-two-hours-behind",
        "update.answer",
        answered(lambda row: row.update(updated_at=later(row["updated_at"], -7200))),
    ),
    writes("answer-201", "update.answer", replied(lambda reply: reply.with_status(201))),
    writes("answer-202", "update.answer", replied(lambda reply: reply.with_status(202))),
    methods("other-methods-taken-for-put", "method.unknown", put_instead),
)
