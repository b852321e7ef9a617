"""Defects of refusals, access and damaged responses."""
