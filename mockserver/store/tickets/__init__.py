"""Tickets of a world: filters, lists, details and changes."""
