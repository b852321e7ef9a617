"""Defects of filters together, and of lists of values."""

from collections.abc import Callable
from itertools import takewhile

from mockserver.defects.changes.conditions import gives, size, stands_before, value, when
from mockserver.defects.changes.exchange import ClientRequest, Exchange, Reply, Row
from mockserver.defects.changes.filters import (
    CHANNELS,
    MINE,
    SEARCH,
    STATUS,
    TAGS,
    UNASSIGNED,
    asked,
    beside,
    given_filters,
    narrower,
    only,
    selecting,
    wider,
)
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.requests import change_request, ignoring, param
from mockserver.defects.defect import Behavior, Family

combined = Family("combined")


def values(name: str, keep: Callable[[list[str]], list[str]]) -> Behavior:
    """Keep some of the comma separated values of a filter; the filter matches nothing without."""
    return param(name, lambda given: ",".join(keep(given.split(","))) or "0")


def empty_when(name: str, hopeless: Callable[[list[str]], bool]) -> Behavior:
    """Find nothing for some lists of values."""
    return when(value(name, lambda given: hopeless(given.split(","))), listing(lambda _: []))


def lifted_when(name: str, odd: Callable[[list[str]], bool]) -> Behavior:
    """Ignore a filter with some lists of values."""
    return when(value(name, lambda given: odd(given.split(","))), ignoring(name))


def as_range(given: str) -> str:
    """Write every id from the least to the greatest of a pair."""
    ends = given.split(",")
    if len(ends) != 2 or not all(end.isdecimal() and len(end) < 5 for end in ends):
        return given
    low, high = sorted(map(int, ends))
    return ",".join(map(str, range(low, high + 1)))


def unknown(exchange: Exchange, name: str) -> list[str]:
    """Return the values of a filter that no ticket has."""
    ids = (exchange.request.param(name) or "").split(",")
    alone = [(id, exchange.get("/api/tickets", [(name, id)])) for id in ids if id]
    return [id for id, reply in alone if reply.good and not reply.json["meta"]["total"]]


def until_unknown(exchange: Exchange) -> Reply:
    wrong = unknown(exchange, TAGS)
    return values(TAGS, lambda ids: list(takewhile(lambda id: id not in wrong, ids)))(exchange)


def nothing_with_unknown(exchange: Exchange) -> list[Row] | None:
    several = len(asked(exchange.request, CHANNELS)) > 1
    return [] if several and unknown(exchange, CHANNELS) else None


def doubled(given: list[str]) -> bool:
    return len(set(given)) < len(given)


def once_for_each_value(exchange: Exchange) -> list[Row]:
    wanted = asked(exchange.request, STATUS)
    rows = exchange.rows(exchange.request)
    return [row for row in rows for _ in range(wanted.count(row["status"]))]


def without_middle(request: ClientRequest) -> ClientRequest:
    names = given_filters(request)
    return request.without(*names[1:-1])


def mine_or_nobodys(exchange: Exchange) -> list[Row]:
    me = exchange.tokens.user(exchange.request.token)
    rows = exchange.rows(exchange.request.without(MINE, UNASSIGNED))
    return [row for row in rows if row["assignee"] is None or row["assignee"]["id"] == me]


def same_color(exchange: Exchange, row: Row) -> bool:
    right = exchange.rows(exchange.request.with_param("page", 1))
    wanted = asked(exchange.request, TAGS)
    colors = {tag["color"] for each in right for tag in each["tags"] if str(tag["id"]) in wanted}
    return any(tag["color"] in colors for tag in row["tags"])


def of_someone_who_left(_: Exchange, row: Row) -> bool:
    return row["assignee"] is not None and row["assignee"]["timezone"] is None


def answered_by_me(exchange: Exchange, row: Row) -> bool:
    me = exchange.tokens.user(exchange.request.token)
    thread: Row = exchange.ticket(row["id"]) or {"messages": []}
    senders = [message["sender"] for message in thread["messages"]]
    return any(sender["type"] == "user" and sender["id"] == me for sender in senders)


def has(name: str) -> Callable[[Exchange, Row], bool]:
    return lambda _, row: bool(row[name])


DEFECTS = (
    combined("search-lost-with-tag", "list.filter.combined", beside(SEARCH, TAGS)),
    combined("mine-lost-when-searching", "list.filter.combined", beside(MINE, SEARCH)),
    combined("channel-lost-with-mine", "list.filter.combined", beside(CHANNELS, MINE)),
    combined("tag-lost-with-unassigned", "list.filter.combined", beside(TAGS, UNASSIGNED)),
    combined(
        "mine-and-unassigned-either",
        "list.filter.combined",
        when(gives(MINE, UNASSIGNED), listing(mine_or_nobodys)),
    ),
    combined(
        "status-lost-before-channel",
        "list.filter.combined",
        when(stands_before(STATUS, CHANNELS), ignoring(STATUS)),
    ),
    combined(
        "tag-lost-after-status",
        "list.filter.combined",
        when(stands_before(STATUS, TAGS), ignoring(TAGS)),
    ),
    combined("filters-after-third-lost", "list.filter.combined", only(slice(3))),
    combined("filters-middle-lost", "list.filter.combined", change_request(without_middle)),
    combined(
        "tag-lost-when-sorted-by-activity",
        "list.filter.tag_ids",
        when(value("sort", lambda key: "activity" in key), ignoring(TAGS)),
    ),
    combined(
        "channel-lost-on-large-pages",
        "list.filter.channel_ids",
        when(size(lambda asked_for: asked_for > 50), ignoring(CHANNELS)),
    ),
    combined(
        "filter-lost-beside-false",
        "list.filter.combined",
        when(value(UNASSIGNED, "false".__eq__), ignoring(STATUS, CHANNELS, TAGS)),
    ),
    combined("mine-not-known-as-1", "list.filter.assigned_to_me", lifted_when(MINE, ["1"].__eq__)),
    combined(
        "channels-after-second-lost",
        "list.filter.channel_ids.values",
        values(CHANNELS, lambda ids: ids[:2]),
    ),
    combined(
        "tags-middle-lost",
        "list.filter.tag_ids.values",
        values(TAGS, lambda ids: ids[:1] + ids[2:]),
    ),
    combined(
        "statuses-all-three-is-open-only",
        "list.filter.status.values",
        param(STATUS, lambda given: "open" if given.count(",") == 2 else given),
    ),
    combined(
        "channels-more-than-two-lift-filter",
        "list.filter.channel_ids.values",
        lifted_when(CHANNELS, lambda ids: len(ids) > 2),
    ),
    combined(
        "channel-pair-is-a-range", "list.filter.channel_ids.values", param(CHANNELS, as_range)
    ),
    combined("tag-pair-is-a-range", "list.filter.tag_ids.values", param(TAGS, as_range)),
    combined(
        "channel-unknown-empties-list",
        "list.filter.channel_ids.values",
        listing(nothing_with_unknown),
    ),
    combined(
        "tags-until-unknown-id",
        "list.filter.tag_ids.values",
        until_unknown,
    ),
    combined("tag-doubled-finds-nothing", "list.filter.tag_ids.values", empty_when(TAGS, doubled)),
    combined(
        "status-doubled-doubles-rows",
        "list.paginated",
        when(value(STATUS, lambda given: doubled(given.split(","))), listing(once_for_each_value)),
    ),
    combined(
        "status-blank-item-lifts-filter",
        "list.filter.status.values",
        lifted_when(STATUS, lambda given: len(given) > 1 and "" in given),
    ),
    combined("tag-by-color", "list.filter.tag_ids", wider(TAGS, same_color)),
    combined(
        "unassigned-includes-people-who-left",
        "list.filter.unassigned",
        wider(UNASSIGNED, of_someone_who_left),
    ),
    combined("mine-includes-answered", "list.filter.assigned_to_me", wider(MINE, answered_by_me)),
    combined("status-joins-assignee", "list.filter.status", narrower(STATUS, has("assignee"))),
    combined("channel-joins-tags", "list.filter.channel_ids", narrower(CHANNELS, has("tags"))),
    combined("mine-joins-summary", "list.filter.assigned_to_me", narrower(MINE, has("summary"))),
    combined(
        "unassigned-first-20-only",
        "list.filter.unassigned",
        selecting(UNASSIGNED, lambda exchange: exchange.rows(exchange.request)[:20]),
    ),
)
