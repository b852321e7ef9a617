"""A fuzzer of the mock: odd requests over raw sockets, the same for the same seed."""
