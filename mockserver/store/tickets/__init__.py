"""Tickets in a world: found, listed, changed."""
