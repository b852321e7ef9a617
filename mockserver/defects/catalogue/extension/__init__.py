"""Defects of the operations that are not on the page."""
