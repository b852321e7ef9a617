"""Every defect there is, one module for what is broken."""

from mockserver.defects.catalogue import (
    access,
    assignees,
    crashes,
    damage,
    details,
    envelope,
    filters,
    links,
    lists,
    memories,
    nouns,
    pages,
    refusals,
    searches,
    sorts,
    statuses,
    thread,
    tickets,
)

MODULES = (
    *(tickets, nouns, thread, envelope, pages, links, sorts, filters, searches),
    *(details, lists, statuses, assignees, memories, access, crashes, damage, refusals),
)

CATALOGUE = {defect.name: defect for module in MODULES for defect in module.DEFECTS}
