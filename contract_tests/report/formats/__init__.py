"""Report formats, each written from a run record."""
