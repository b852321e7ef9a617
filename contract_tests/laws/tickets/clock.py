"""Clock: no ticket was created or updated later than the moment of the answer that shows it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import moment

MARGIN = timedelta(minutes=5)
"""How far the clocks of a deployment and of what answers for it may be apart."""


@law("ticket.created_at", "ticket.updated_at")
def not_in_the_future(history: History) -> Iterator[Finding]:
    """Judged where most tickets are older than the answer: else its Date is another clock's."""
    for page in history.pages:
        now = date_of(page.exchange)
        if now is None or not _is_same_clock(page, now):
            continue
        for name in ("created_at", "updated_at"):
            times = {row["id"]: moment(row.get(name)) for row in page.rows}
            late = [ticket for ticket, time in times.items() if time and time > now + MARGIN]
            if late:
                message = f"{name} of ticket {late[0]} is later than the answer that shows it"
                yield violated(f"ticket.{name}", message, page.exchange)
            else:
                yield holds(f"ticket.{name}", page.exchange)


def date_of(exchange: Exchange) -> datetime | None:
    """Return the moment that the Date header names."""
    try:
        return parsedate_to_datetime(exchange.header("Date") or "")
    except ValueError:
        return None


def _is_same_clock(page: Page, now: datetime) -> bool:
    created = [time.timestamp() for row in page.rows if (time := moment(row.get("created_at")))]
    return bool(created) and median(created) <= now.timestamp()
