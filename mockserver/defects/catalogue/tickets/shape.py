"""How defects of single fields are written down."""

from mockserver.defects.changes.exchange import READS
from mockserver.defects.changes.frequency import ALWAYS, Rarity
from mockserver.defects.changes.responses import Change, field
from mockserver.defects.defect import Defect, Visible


def shape(
    name: str,
    path: str,
    change: Change,
    rarity: Rarity = ALWAYS,
    *,
    on: frozenset[str] = READS,
    visible: Visible = "reading",
) -> Defect:
    """Change a field of every ticket that is struck; its path names the requirement too."""
    return Defect(
        name=name,
        family="shape",
        requirement=_requirement(path),
        behavior=field(path, change),
        rarity=rarity,
        on=on,
        visible=visible,
    )


def _requirement(path: str) -> str:
    """Return the requirement about a field: messages and activities belong to the detail."""
    name = path.replace("[]", "").partition(".")[0]
    return f"detail.{name}" if name in ("messages", "activities") else f"ticket.{name}"
