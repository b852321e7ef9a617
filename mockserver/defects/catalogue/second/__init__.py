"""Defects by an author who had not read the laws; the laws may be improved with them."""
