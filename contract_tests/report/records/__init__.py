"""Records: everything that a run observed, as one JSON document, and its file."""
