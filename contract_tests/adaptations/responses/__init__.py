"""Differences of responses: envelopes, names of keys, place of the page numbers."""
