"""Generated tickets: the same seed generates the same people, conversations and times."""
