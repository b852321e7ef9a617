"""Defects that measure the suite alone: no law is written with knowledge of them."""

from mockserver.defects.catalogue.holdout import (
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
