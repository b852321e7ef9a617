"""Defects of the log, the times and the lists after a change."""

from mockserver.defects.catalogue.second.logs import effects, kept_at, logged
from mockserver.defects.changes.exchange import Row
from mockserver.defects.changes.time_formats import later
from mockserver.defects.changes.writes import after_write


def by_assignee(activity: Row, row: Row) -> None:
    if row["assignee"]:
        activity["user"] = {name: row["assignee"][name] for name in ("id", "name")}


def moved_back(row: Row, before: Row) -> None:
    row["updated_at"] = later(before["updated_at"], -3600)


DEFECTS = (
    effects("updated-at-moves-back", "update.updated_at", after_write(moved_back)),
    effects("updated-at-kept-on-status", "update.updated_at", after_write(kept_at("status"))),
    effects("log-by-assignee", "status.activity", logged(by_assignee)),
)
