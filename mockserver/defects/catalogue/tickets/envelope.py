"""Defects of what stands round the tickets: the page's envelope and the wrapper of one ticket."""

from typing import Any

from mockserver.defects.changes.exchange import DETAILED, LISTED
from mockserver.defects.changes.frequency import EVERY_50TH, PAGE_2_ON
from mockserver.defects.changes.responses import Change, becomes, missing, null, renamed, tell
from mockserver.defects.defect import Family, Lie

envelope = Family("envelope", on=LISTED)


def part(path: str, change: Change) -> Lie:
    """Change a part of the envelope, such as `meta.total`."""
    *outer, key = path.split(".")

    def amend(value: Any) -> Any:
        holder = value
        for name in outer:
            holder = holder[name]
        change(holder, key)
        return value

    return tell(amend)


def _by_position(rows: list[Any]) -> dict[str, Any]:
    return {str(number): row for number, row in enumerate(rows)}


DEFECTS = (
    envelope("list-bare", "envelope.list.data", tell(lambda value: value["data"])),
    envelope(
        "list-data-by-position",
        "envelope.list.data",
        part("data", becomes(_by_position)),
        PAGE_2_ON,
    ),
    envelope("list-data-null", "envelope.list.data", part("data", null), EVERY_50TH),
    envelope(
        "list-rows-wrapped",
        "envelope.list.data",
        part("data", becomes(lambda rows: [{"ticket": row} for row in rows])),
    ),
    envelope("meta-missing", "envelope.list.meta", part("meta", missing)),
    envelope(
        "meta-flat",
        "envelope.list.meta",
        tell(lambda value: {"data": value["data"], "links": value["links"], **value["meta"]}),
    ),
    envelope("meta-total-missing", "envelope.meta.total", part("meta.total", missing)),
    envelope("meta-total-text", "envelope.meta.total", part("meta.total", becomes(str))),
    envelope("meta-per-page-text", "envelope.meta.per_page", part("meta.per_page", becomes(str))),
    envelope(
        "meta-current-page-text",
        "envelope.meta.current_page",
        part("meta.current_page", becomes(str)),
        PAGE_2_ON,
    ),
    envelope(
        "meta-last-page-renamed",
        "envelope.meta.last_page",
        part("meta.last_page", renamed("total_pages")),
    ),
    envelope("links-missing", "envelope.list.links", part("links", missing)),
    envelope(
        "links-prev-false",
        "envelope.links.prev",
        part("links.prev", lambda links, key: links.update({key: links[key] or False})),
    ),
    envelope("links-last-missing", "envelope.links.last", part("links.last", missing)),
    envelope(
        "detail-bare", "envelope.detail.ticket", tell(lambda value: value["ticket"]), on=DETAILED
    ),
    envelope(
        "detail-under-data",
        "envelope.detail.ticket",
        tell(lambda value: {"data": value["ticket"]}),
        on=DETAILED,
    ),
    envelope(
        "detail-thread-beside-ticket",
        "envelope.detail.ticket",
        tell(
            lambda value: {
                "messages": value["ticket"].pop("messages"),
                "activities": value["ticket"].pop("activities"),
                **value,
            }
        ),
        on=DETAILED,
    ),
)
