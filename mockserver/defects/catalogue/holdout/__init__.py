"""Defects that measure the suite alone: no law is written with knowledge of them."""

from mockserver.defects.catalogue.holdout import (
    answers,
    callers,
    combined,
    counts,
    effects,
    logs,
    order,
    searching,
    status_bodies,
    user_bodies,
)

MODULES = (
    answers,
    callers,
    combined,
    counts,
    effects,
    logs,
    order,
    searching,
    status_bodies,
    user_bodies,
)
