"""Defects of the log, the times and the lists after a change."""

from typing import Any

from mockserver.defects.catalogue.lists.filters import asked
from mockserver.defects.catalogue.second.logs import LISTS, Images, effects, kept_at, logged
from mockserver.defects.changes.exchange import (
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.responses import amended
from mockserver.defects.changes.time_formats import later
from mockserver.defects.changes.writes import (
    after_write,
    with_images,
)


def by_assignee(activity: Row, row: Row) -> None:
    if row["assignee"]:
        activity["user"] = {name: row["assignee"][name] for name in ("id", "name")}


def moved_back(row: Row, before: Row) -> None:
    row["updated_at"] = later(before["updated_at"], -3600)


def still_counted(exchange: Exchange, images: Images) -> Reply:
    """The counter of the status that a ticket has left is not decremented."""
    wanted = asked(exchange.request, "filter[status]")
    here = {row["id"] for row in exchange.rows(exchange.request)} if images and wanted else set()
    gone = sum(row["status"] in wanted and id not in here for id, row in images.items())

    def amend(value: Any) -> Any:
        value["meta"]["total"] += gone
        return value

    return amended(exchange.send(), amend)


DEFECTS = (
    effects("updated-at-moves-back", "update.updated_at", after_write(moved_back)),
    effects("updated-at-kept-on-status", "update.updated_at", after_write(kept_at("status"))),
    effects("log-by-assignee", "status.activity", logged(by_assignee)),
    effects(
        "log-an-hour-ahead",
        "status.activity",
        logged(lambda activity, _: activity.update(created_at=later(activity["created_at"], 3600))),
    ),
    effects("old-status-still-counted", "list.meta.total", with_images(still_counted), on=LISTS),
)
