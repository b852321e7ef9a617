"""Differences in what requests are: their paths, parameters, methods, bodies and headers."""
