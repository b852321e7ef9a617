"""Private worlds and snapshots: an immutable seeded layer, and a layer of changes."""
