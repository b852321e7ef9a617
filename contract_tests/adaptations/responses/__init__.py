"""Differences in what responses are: their envelopes, the names of keys, the place of pages."""
