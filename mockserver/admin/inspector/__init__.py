"""The inspector at /: a page that shows a world's tickets and journal, with its admin API."""

from mockserver.admin.inspector.routes import add_inspector as add_inspector
