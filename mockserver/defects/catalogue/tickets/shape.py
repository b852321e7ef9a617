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
        requirement=f"shape.ticket.{path.replace('[]', '')}",
        lie=field(path, change),
        rarity=rarity,
        on=on,
        visible=visible,
    )
