"""The figures of docs/benchmark.md; `python -m benchmarks` measures them."""
