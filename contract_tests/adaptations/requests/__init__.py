"""Differences of requests: paths, parameters, methods, bodies and headers."""
