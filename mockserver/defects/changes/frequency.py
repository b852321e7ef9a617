"""The frequency of a defect: which requests, and which of their tickets, it affects."""

from collections.abc import Callable
from dataclasses import dataclass

from mockserver.defects.changes.exchange import Exchange, Row


@dataclass(frozen=True, slots=True)
class Rarity:
    name: str
    request: Callable[[Exchange], bool] = lambda _: True
    row: Callable[[Row], bool] = lambda _: True


def _every(count: int) -> Rarity:
    return Rarity(
        f"every-{count}th-request", lambda exchange: exchange.state.requests % count == count - 1
    )


def _one_row_in(count: int) -> Rarity:
    return Rarity(f"one-row-in-{count}", row=lambda row: _spread(row["id"]) * count >> 32 == 0)


def _spread(id: int) -> int:
    """Spread ids evenly below 2**32 by Knuth's multiplicative hashing."""
    return id * 2_654_435_761 % 2**32


def _with_status(status: str) -> Rarity:
    return Rarity(f"{status}-only", row=lambda row: row["status"] == status)


ALWAYS = Rarity("always")
PAGE_2_ON = Rarity("page-2-on", lambda exchange: exchange.request.page > 1)
# The behaviors with this rarity wait for the change themselves.
AFTER_A_CHANGE = Rarity("after-a-change")
EVERY_7TH = _every(7)
EVERY_20TH = _every(20)
EVERY_50TH = _every(50)
ONE_ROW_IN_10 = _one_row_in(10)
ONE_ROW_IN_30 = _one_row_in(30)
OPEN_ONLY = _with_status("open")
CLOSED_ONLY = _with_status("closed")
SPAM_ONLY = _with_status("spam")
ASSIGNED_ONLY = Rarity("assigned-only", row=lambda row: row["assignee"] is not None)
UNASSIGNED_ONLY = Rarity("unassigned-only", row=lambda row: row["assignee"] is None)
TAGGED_ONLY = Rarity("tagged-only", row=lambda row: bool(row["tags"]))
UNTAGGED_ONLY = Rarity("untagged-only", row=lambda row: not row["tags"])
WITHOUT_SUMMARY = Rarity("without-summary-only", row=lambda row: row["summary"] is None)
LONG_THREADS_ONLY = Rarity("long-threads-only", row=lambda row: len(row["messages"]) > 5)
LONG_LOGS_ONLY = Rarity("long-logs-only", row=lambda row: len(row["activities"]) > 2)
LARGE_REPLIES = Rarity("large-replies")  # the behavior checks the size of its response
