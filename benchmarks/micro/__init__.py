"""Single parts of a request, timed within one process."""
