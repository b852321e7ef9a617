"""Defects of each filter, and of filters together."""

from typing import Any

from mockserver.defects.changes.exchange import Exchange, Reply, Row
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
    ids,
    inverted,
    literal,
    narrower,
    only,
    selecting,
    taken_for_true,
    wider,
)
from mockserver.defects.changes.frequency import EVERY_20TH, ONE_ROW_IN_10, ONE_ROW_IN_30, PAGE_2_ON
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.requests import first_of, ignoring, param, relinked
from mockserver.defects.changes.responses import amended, each_ticket
from mockserver.defects.defect import Family

filters = Family("filter")


def _either(exchange: Exchange) -> list[Row] | None:
    names = given_filters(exchange.request)
    if len(names) < 2:
        return None
    rest = exchange.request.without(*names)
    alone = [rest.with_param(name, exchange.request.param(name)) for name in names]
    right = ids([row for request in alone for row in exchange.rows(request)])
    return [row for row in exchange.rows(rest) if row["id"] in right]


def _after_paging(exchange: Exchange) -> Reply:
    names = given_filters(exchange.request)
    right = ids(exchange.rows(exchange.request))
    unfiltered = exchange.request.without(*names)

    def amend(value: Any) -> Any:
        value["data"] = [row for row in value["data"] if row["id"] in right]
        return value

    reply = exchange.send()
    if not names or not reply.good:
        return reply
    return relinked(amended(exchange.send(unfiltered), amend), unfiltered, exchange.request)


def _tag_ids(row: Row) -> list[str]:
    return [str(tag["id"]) for tag in row["tags"]]


def _part_of_a_tag_id(exchange: Exchange, row: Row) -> bool:
    return any(value in id for value in asked(exchange.request, TAGS) for id in _tag_ids(row))


def _first_tag_only(exchange: Exchange, row: Row) -> bool:
    return _tag_ids(row)[0] in asked(exchange.request, TAGS)


def _once_for_each_tag(exchange: Exchange) -> list[Row]:
    wanted = asked(exchange.request, TAGS)
    rows = exchange.rows(exchange.request)
    return [row for row in rows for id in _tag_ids(row) if id in wanted]


def _wanted_tags_only(row: Row, exchange: Exchange) -> None:
    if wanted := asked(exchange.request, TAGS):
        row["tags"] = [tag for tag in row["tags"] if str(tag["id"]) in wanted]


def _same_kind_of_channel(exchange: Exchange) -> list[Row]:
    kinds = {row["channel"]["type"] for row in exchange.rows(exchange.request)}
    rows = exchange.rows(exchange.request.without(CHANNELS))
    return [row for row in rows if row["channel"]["type"] in kinds]


def _colleagues(exchange: Exchange) -> list[Row]:
    token = exchange.tokens.of_other_user(exchange.request.token)
    return exchange.rows(exchange.request.with_token(token) if token else exchange.request)


def _spam(_: Exchange, row: Row) -> bool:
    return bool(row["status"] == "spam")


def _open(_: Exchange, row: Row) -> bool:
    return bool(row["status"] == "open")


def _picked(exchange: Exchange, row: Row) -> bool:
    return exchange.picks(row)


def _not_picked(exchange: Exchange, row: Row) -> bool:
    return not exchange.picks(row)


DEFECTS = (
    filters("filter-status-ignored", "list.filter.status", ignoring(STATUS)),
    filters("filter-status-inverted", "list.filter.status", inverted(STATUS)),
    filters("filter-status-first-value-only", "list.filter.status.values", param(STATUS, first_of)),
    filters("filter-status-list-literal", "list.filter.status.values", literal(STATUS)),
    filters("filter-status-lost-later", "list.filter.status", ignoring(STATUS), PAGE_2_ON),
    filters("filter-status-spam-always", "list.filter.status", wider(STATUS, _spam)),
    filters(
        "filter-status-spam-never",
        "list.filter.status",
        narrower(STATUS, lambda *seen: not _spam(*seen)),
    ),
    filters(
        "filter-status-leaks-rows", "list.filter.status", wider(STATUS, _picked), ONE_ROW_IN_30
    ),
    filters(
        "filter-status-misses-rows",
        "list.filter.status",
        narrower(STATUS, _not_picked),
        ONE_ROW_IN_10,
    ),
    filters("filter-status-ignored-every-20th", "list.filter.status", ignoring(STATUS), EVERY_20TH),
    filters("filter-channel-ignored", "list.filter.channel_ids", ignoring(CHANNELS)),
    filters("filter-channel-inverted", "list.filter.channel_ids", inverted(CHANNELS)),
    filters(
        "filter-channel-first-value-only",
        "list.filter.channel_ids.values",
        param(CHANNELS, first_of),
    ),
    filters("filter-channel-lost-later", "list.filter.channel_ids", ignoring(CHANNELS), PAGE_2_ON),
    filters(
        "filter-channel-by-type",
        "list.filter.channel_ids",
        selecting(CHANNELS, _same_kind_of_channel),
    ),
    filters("filter-channel-open-only", "list.filter.channel_ids", narrower(CHANNELS, _open)),
    filters("filter-tag-ignored", "list.filter.tag_ids", ignoring(TAGS)),
    filters("filter-tag-inverted", "list.filter.tag_ids", inverted(TAGS)),
    filters("filter-tag-first-value-only", "list.filter.tag_ids.values", param(TAGS, first_of)),
    filters("filter-tag-list-literal", "list.filter.tag_ids.values", literal(TAGS)),
    filters("filter-tag-lost-later", "list.filter.tag_ids", ignoring(TAGS), PAGE_2_ON),
    filters("filter-tag-substring", "list.filter.tag_ids", wider(TAGS, _part_of_a_tag_id)),
    filters("filter-tag-first-tag-only", "list.filter.tag_ids", narrower(TAGS, _first_tag_only)),
    filters(
        "filter-tag-untagged-too",
        "list.filter.tag_ids",
        wider(TAGS, lambda _, row: not row["tags"]),
    ),
    filters("filter-tag-rows-doubled", "list.paginated", selecting(TAGS, _once_for_each_tag)),
    filters("filter-tag-trims-tags", "list.filter.tag_ids", each_ticket(_wanted_tags_only)),
    filters("filter-mine-ignored", "list.filter.assigned_to_me", ignoring(MINE)),
    filters("filter-mine-inverted", "list.filter.assigned_to_me", inverted(MINE)),
    filters(
        "filter-mine-unassigned-too",
        "list.filter.assigned_to_me",
        wider(MINE, lambda _, row: row["assignee"] is None),
    ),
    filters(
        "filter-mine-of-a-colleague", "list.filter.assigned_to_me", selecting(MINE, _colleagues)
    ),
    filters("filter-mine-lost-later", "list.filter.assigned_to_me", ignoring(MINE), PAGE_2_ON),
    filters("filter-mine-false-is-true", "list.filter.assigned_to_me.false", taken_for_true(MINE)),
    filters("filter-unassigned-ignored", "list.filter.unassigned", ignoring(UNASSIGNED)),
    filters("filter-unassigned-inverted", "list.filter.unassigned", inverted(UNASSIGNED)),
    filters("filter-unassigned-open-only", "list.filter.unassigned", narrower(UNASSIGNED, _open)),
    filters(
        "filter-unassigned-false-is-true",
        "list.filter.unassigned.false",
        taken_for_true(UNASSIGNED),
    ),
    filters("filters-either", "list.filter.combined", listing(_either)),
    filters("filters-last-only", "list.filter.combined", only(slice(-1, None))),
    filters("filters-first-only", "list.filter.combined", only(slice(1))),
    filters("filters-after-paging", "list.filter.combined", _after_paging),
    filters("filter-status-lost-when-searching", "list.filter.combined", beside(STATUS, SEARCH)),
    filters("filter-tag-lost-with-channel", "list.filter.combined", beside(TAGS, CHANNELS)),
    filters(
        "filter-unassigned-lost-with-status", "list.filter.combined", beside(UNASSIGNED, STATUS)
    ),
)
