"""The numbers in the README, reproducible with one command: `python -m benchmarks`."""
