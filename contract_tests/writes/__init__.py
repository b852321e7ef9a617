"""Writes to tickets, and their undo."""
