"""Every defect there is, one module for what is broken."""

from mockserver.defects.catalogue import holdout, second
from mockserver.defects.catalogue.errors import access, crashes, damage, refusals
from mockserver.defects.catalogue.lists import filters, links, lists, pages, searches, sorts
from mockserver.defects.catalogue.tickets import details, envelope, nouns, thread, tickets
from mockserver.defects.catalogue.writes import assignees, memories, statuses

_FIRST = (
    *(tickets, nouns, thread, envelope, pages, links, sorts, filters, searches),
    *(details, lists, statuses, assignees, memories, access, crashes, damage, refusals),
)

PARTS = {"first": _FIRST, "second": second.MODULES, "holdout": holdout.MODULES}
"""The modules of each part of the catalogue: the laws were written with the first part, may be
improved with the second, and are measured with all three."""

CATALOGUE = {
    defect.name: defect
    for modules in PARTS.values()
    for module in modules
    for defect in module.DEFECTS
}

PART_OF = {
    defect.name: part
    for part, modules in PARTS.items()
    for module in modules
    for defect in module.DEFECTS
}
