"""Defects by an author who had not read the laws; the laws may be improved with them."""

from mockserver.defects.catalogue.second import combined, order, searching

MODULES = (
    combined,
    order,
    searching,
)
