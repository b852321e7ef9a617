"""Masking: which data of a deployment may be shown, and placeholders for the rest."""
