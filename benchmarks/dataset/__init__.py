"""The tickets of the benchmark, and their export."""
