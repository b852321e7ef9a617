"""Defects by an author who had not read the laws; the laws may be improved with them."""

from mockserver.defects.catalogue.second import (
    answers,
    callers,
    combined,
    content,
    counts,
    effects,
    heads,
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
    heads,
    logs,
    order,
    rare,
    searching,
    status_bodies,
    user_bodies,
)
