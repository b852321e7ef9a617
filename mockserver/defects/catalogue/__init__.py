"""Every defect there is, one module for what is broken."""

from mockserver.defects.catalogue.errors import access, crashes, damage, refusals
from mockserver.defects.catalogue.lists import filters, links, lists, pages, searches, sorts
from mockserver.defects.catalogue.tickets import details, envelope, nouns, thread, tickets
from mockserver.defects.catalogue.writes import assignees, memories, statuses

MODULES = (
    *(tickets, nouns, thread, envelope, pages, links, sorts, filters, searches),
    *(details, lists, statuses, assignees, memories, access, crashes, damage, refusals),
)

CATALOGUE = {defect.name: defect for module in MODULES for defect in module.DEFECTS}
