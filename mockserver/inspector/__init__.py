"""The inspector at /: a help desk to look into a world, pull its levers, and read its journal."""

from mockserver.inspector.page import add_inspector as add_inspector
