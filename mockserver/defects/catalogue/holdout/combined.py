"""Defects of filters together, and of lists of values."""

from mockserver.defects.catalogue.lists.searches import term
from mockserver.defects.catalogue.second.combined import combined, lifted_when
from mockserver.defects.changes.conditions import gives, value, when
from mockserver.defects.changes.exchange import Exchange, Row
from mockserver.defects.changes.filters import (
    CHANNELS,
    SEARCH,
    STATUS,
    UNASSIGNED,
    beside,
    given_filters,
    only,
)
from mockserver.defects.changes.frequency import PAGE_2_ON
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.requests import ignoring, param


def in_subject_or_filtered(exchange: Exchange) -> list[Row]:
    """`WHERE filters AND message LIKE … OR subject LIKE …`, without parentheses."""
    right = {row["id"] for row in exchange.rows(exchange.request)}
    others = [name for name in given_filters(exchange.request) if name != SEARCH]
    wanted = term(exchange).strip().casefold()
    rows = exchange.rows(exchange.request.without(*others))
    return [row for row in rows if row["id"] in right or wanted in row["subject"].casefold()]


DEFECTS = (
    combined("search-lost-with-status", "list.filter.combined", beside(SEARCH, STATUS)),
    combined(
        "search-or-escapes-filters",
        "list.filter.combined",
        when(gives(SEARCH), listing(in_subject_or_filtered)),
    ),
    combined("filters-first-only-later", "list.filter.combined", only(slice(1)), PAGE_2_ON),
    combined(
        "status-lost-when-sorted-ascending",
        "list.filter.status",
        when(value("sort", lambda key: key[:1] not in ("", "-")), ignoring(STATUS)),
    ),
    combined(
        "unassigned-0-is-true",
        "list.filter.unassigned.false",
        param(UNASSIGNED, lambda given: "true" if given == "0" else given),
    ),
    combined(
        "status-unknown-lifts-filter",
        "list.filter.status.values",
        lifted_when(STATUS, lambda given: len(given) > 1 and "archived" in given),
    ),
    combined(
        "channel-spaced-item-lifts-filter",
        "list.filter.channel_ids.values",
        lifted_when(CHANNELS, lambda ids: any(id != id.strip() for id in ids)),
    ),
)
