"""Defects that measure the suite alone: no law is written with knowledge of them."""

from mockserver.defects.catalogue.holdout import (
    answers,
    callers,
    combined,
    content,
    counts,
    effects,
    logs,
    order,
    rare,
    searching,
    status_bodies,
    user_bodies,
)

MODULES = (
    answers,
    callers,
    combined,
    content,
    counts,
    effects,
    logs,
    order,
    rare,
    searching,
    status_bodies,
    user_bodies,
)
