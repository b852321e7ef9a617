"""Tickets with extreme content, under fixed ids."""
