"""Seeded layers: records written in bulk, in several transactions, with progress."""
