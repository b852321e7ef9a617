"""Comparing two deployments, and two runs."""
