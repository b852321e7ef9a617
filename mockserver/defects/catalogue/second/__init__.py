"""Defects by an author who had not read the laws; the laws may be improved with them."""

from mockserver.defects.catalogue.second import (
    callers,
    combined,
    counts,
    order,
    searching,
    status_bodies,
    user_bodies,
)

MODULES = (
    callers,
    combined,
    counts,
    order,
    searching,
    status_bodies,
    user_bodies,
)
