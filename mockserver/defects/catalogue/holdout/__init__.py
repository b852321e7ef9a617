"""Defects that measure the suite alone: no law is written with knowledge of them."""

from mockserver.defects.catalogue.holdout import combined, order, searching

MODULES = (
    combined,
    order,
    searching,
)
