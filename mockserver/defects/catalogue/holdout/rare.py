"""Defects of rare cases and unusual spellings of a request."""

from mockserver.defects.catalogue.lists.pages import stretch
from mockserver.defects.catalogue.second.rare import details, id_read, lists, says, shown
from mockserver.defects.changes.conditions import after, gives, refused, when
from mockserver.defects.changes.exchange import Exchange, Reply
from mockserver.defects.changes.filters import SEARCH
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.other_tickets import not_found


def of_32_bits(given: str) -> str | None:
    return str(int(given) % 2**32) if given.isdecimal() and int(given) >= 2**32 else None


def page_back(exchange: Exchange) -> Reply:
    """Going back a page shows the page that was seen last."""
    kept = exchange.state.kept
    previous, kept["page"] = kept.get("page", 0), exchange.request.page
    if exchange.request.page != previous - 1:
        return exchange.send()
    return stretch(lambda number, rows: (number * rows, (number + 1) * rows))(exchange)


DEFECTS = (
    details("ticket-id-of-32-bits", "detail.missing", id_read(of_32_bits)),
    details(
        "missing-ticket-message-null", "answer.error", refused(404, says(404, {"message": None}))
    ),
    details(
        "old-ticket-404",
        "detail.answer",
        shown(lambda t: t["created_at"] < "2025-09", lambda e, _: not_found(e)),
    ),
    lists("page-back-shows-same-page", "list.paginated", page_back),
    lists(
        "searches-empty-after-25-requests",
        "list.filter.search",
        when(lambda e: after(25)(e) and gives(SEARCH)(e), listing(lambda _: [])),
    ),
)
