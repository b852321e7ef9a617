"""Adaptations: differences that would hide others, and the conversion of requests and responses."""
