"""Defects of the answer to a change, and of other methods."""

from mockserver.defects.catalogue.second.answers import answered, replied, writes
from mockserver.defects.changes.time_formats import later

DEFECTS = (
    writes(
        "answer-two-hours-behind",
        "update.answer",
        answered(lambda row: row.update(updated_at=later(row["updated_at"], -7200))),
    ),
    writes("answer-202", "update.answer", replied(lambda reply: reply.with_status(202))),
)
