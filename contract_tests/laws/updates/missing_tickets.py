"""Missing tickets: a write to an id that no ticket has is 404, and without a token 401."""

from collections.abc import Iterator

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.history import History

NO_TICKET = "a write to an id that no ticket has"


@law("detail.missing")
def writes_to_none(history: History) -> Iterator[Finding]:
    """What is no number may be refused as none, but never taken for a ticket.

    What such a write does to a ticket all the same, the law of updates tells.
    """
    for exchange in history.writes:
        request, status = exchange.request, exchange.status or 0
        if request.purpose != NO_TICKET or request.who != "main" or not exchange.handled:
            continue
        name = request.path.split("/")[3]
        if status == 404 or (exchange.refused and not name.isdigit()):
            yield holds("detail.missing", exchange)
        elif status < 500:
            message = (
                f"a write to ticket {name!r}, which does not exist, was answered with {status}"
            )
            yield violated("detail.missing", message, exchange)
