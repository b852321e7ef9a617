"""Defects of lists: filters, searches, sorts, pages and links."""
