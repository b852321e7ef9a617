"""The benchmarks behind the documented figures: `python -m benchmarks`."""
