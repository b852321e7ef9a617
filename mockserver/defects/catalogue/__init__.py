"""Every defect there is, one module for what is broken."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from mockserver.defects.catalogue import extension, holdout, second
from mockserver.defects.catalogue.errors import access, crashes, damage, refusals, second_tries
from mockserver.defects.catalogue.lists import filters, links, lists, pages, searches, sorts
from mockserver.defects.catalogue.tickets import details, envelope, nouns, thread, tickets
from mockserver.defects.catalogue.writes import assignees, conservation, memories, statuses

_FIRST = (
    *(tickets, nouns, thread, envelope, pages, links, sorts, filters, searches),
    *(details, lists, statuses, assignees, memories, conservation),
    *(access, crashes, damage, refusals, second_tries),
)


def _modules_of(package: ModuleType) -> tuple[ModuleType, ...]:
    names = sorted(module.name for module in iter_modules(package.__path__))
    return tuple(import_module(f"{package.__name__}.{name}") for name in names)


PARTS = {
    "first": _FIRST,
    "second": _modules_of(second),
    "extension": _modules_of(extension),
    "holdout": _modules_of(holdout),
}
"""The modules of each part of the catalogue: the laws were written with the first part, may be
improved with the second, and are measured with all. Those of the extension need --extension."""

_DEFECTS = {
    part: [defect for module in modules for defect in module.DEFECTS]
    for part, modules in PARTS.items()
}
CATALOGUE = {defect.name: defect for defects in _DEFECTS.values() for defect in defects}
PART_OF = {defect.name: part for part, defects in _DEFECTS.items() for defect in defects}
