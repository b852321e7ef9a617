"""Defects of what stands round the tickets: the page's envelope and the wrapper of one ticket."""

from typing import Any

from mockserver.defects.changes.exchange import DETAILED, LISTED
from mockserver.defects.changes.frequency import EVERY_50TH, PAGE_2_ON
from mockserver.defects.changes.responses import (
    Change,
    becomes,
    change_json,
    missing,
    null,
    renamed,
)
from mockserver.defects.defect import Behavior, Family

envelope = Family("envelope", on=LISTED)


def part(path: str, change: Change) -> Behavior:
    """Change a part of the envelope, such as `meta.total`."""
    *outer, key = path.split(".")

    def amend(value: Any) -> Any:
        holder = value
        for name in outer:
            holder = holder[name]
        change(holder, key)
        return value

    return change_json(amend)


def _by_position(rows: list[Any]) -> dict[str, Any]:
    return {str(number): row for number, row in enumerate(rows)}


DEFECTS = (
    envelope("list-bare", "list.answer", change_json(lambda value: value["data"])),
    envelope(
        "list-data-by-position",
        "list.data",
        part("data", becomes(_by_position)),
        PAGE_2_ON,
    ),
    envelope("list-data-null", "list.data", part("data", null), EVERY_50TH),
    envelope(
        "list-rows-wrapped",
        "list.data",
        part("data", becomes(lambda rows: [{"ticket": row} for row in rows])),
    ),
    envelope("meta-missing", "list.meta", part("meta", missing)),
    envelope(
        "meta-flat",
        "list.meta",
        change_json(
            lambda value: {"data": value["data"], "links": value["links"], **value["meta"]}
        ),
    ),
    envelope("meta-total-missing", "list.meta", part("meta.total", missing)),
    envelope("meta-total-text", "list.meta", part("meta.total", becomes(str))),
    envelope("meta-per-page-text", "list.meta", part("meta.per_page", becomes(str))),
    envelope(
        "meta-current-page-text",
        "list.meta",
        part("meta.current_page", becomes(str)),
        PAGE_2_ON,
    ),
    envelope(
        "meta-last-page-renamed",
        "list.meta",
        part("meta.last_page", renamed("total_pages")),
    ),
    envelope("links-missing", "list.links", part("links", missing)),
    envelope(
        "links-prev-false",
        "list.links",
        part("links.prev", lambda links, key: links.update({key: links[key] or False})),
    ),
    envelope("links-last-missing", "list.links", part("links.last", missing)),
    envelope(
        "detail-bare", "detail.answer", change_json(lambda value: value["ticket"]), on=DETAILED
    ),
    envelope(
        "detail-under-data",
        "detail.answer",
        change_json(lambda value: {"data": value["ticket"]}),
        on=DETAILED,
    ),
    envelope(
        "detail-thread-beside-ticket",
        "detail.answer",
        change_json(
            lambda value: {
                "messages": value["ticket"].pop("messages"),
                "activities": value["ticket"].pop("activities"),
                **value,
            }
        ),
        on=DETAILED,
    ),
)
