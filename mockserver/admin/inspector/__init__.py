"""The inspector at /: a page that shows a world, its tickets and its journal."""

from mockserver.admin.inspector.routes import add_inspector as add_inspector
