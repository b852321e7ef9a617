"""Masking: what of a deployment may be shown, and what stands in for the rest."""
