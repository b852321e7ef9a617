"""Queries of the list: which filters, sorts, pages and search terms are requested together."""
