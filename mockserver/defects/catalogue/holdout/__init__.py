"""Defects that measure the suite alone: no law is written with knowledge of them."""
