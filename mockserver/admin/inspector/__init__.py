"""The inspector at /: a help desk to look into a world, pull its levers, and read its journal."""

from mockserver.admin.inspector.routes import add_inspector as add_inspector
