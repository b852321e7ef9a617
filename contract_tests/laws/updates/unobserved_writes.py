"""Unobserved writes: why a run that has written tells nothing of a statement on updates."""

from collections.abc import Iterator

from contract_tests.laws.finding import Finding, law, not_observed
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History
from contract_tests.observations.ticket import shown
from contract_tests.observations.write import Write, read_write

Try = tuple[Write, Exchange]
_FIELDS = ("status", "assignee")


@law(
    *(f"{field}.{what}" for field in _FIELDS for what in ("accepted", "stored", "listed")),
    *(f"{field}.{what}" for field in _FIELDS for what in ("refused", "activity")),
    *(f"update.{what}" for what in ("answer", "updated_at", "alone", "same", "malformed")),
)
def reasons(history: History) -> Iterator[Finding]:
    """Where nothing was written at all, the law of updates says so."""
    ours = (e for e in history.writes if e.request.who == "main" and e.handled)
    tries = [(write, e) for e in ours if (write := read_write(e.request)) is not None]
    if not tries:
        return
    for field in _FIELDS:
        own = [(write, e) for write, e in tries if write.field == field]
        reason = _reason(history, own, f"the {field}") if own else f"no {field} was written"
        for what in ("accepted", "stored", "listed", "activity"):
            yield not_observed(f"{field}.{what}", reason)
        yield not_observed(f"{field}.refused", f"no unknown {field} was sent within this budget")
    for what in ("answer", "updated_at", "alone"):
        yield not_observed(f"update.{what}", _reason(history, tries, "a ticket"))
    yield not_observed("update.same", "no present value was written within this budget")
    yield not_observed("update.malformed", "no malformed body was sent within this budget")


def _reason(history: History, tries: list[Try], what: str) -> str:
    """Return why writes of `what` tell nothing of their effect."""
    valid = [(write, e) for write, e in tries if write.valid]
    done = [(write, e) for write, e in valid if e.successful]
    if not valid:
        return f"no valid write of {what} was sent"
    if not done:
        return f"each valid write of {what} was refused"
    if not any(_was_read_before(history, write, e) for write, e in done):
        return f"no ticket was read before a write of {what}"
    return f"no ticket was read after a write of {what} as it was read before"


def _was_read_before(history: History, write: Write, written: Exchange) -> bool:
    return any(
        shown(exchange, write.ticket) is not None
        for exchange in history.exchanges
        if exchange.number < written.number and exchange.request.method == "GET"
    )
