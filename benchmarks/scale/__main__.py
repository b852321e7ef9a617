"""`python -m benchmarks.scale`: the cost of a list as the number of tickets grows."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.arguments import positive
from benchmarks.contenders import Skipped
from benchmarks.scale.measure import measure
from benchmarks.scale.results import RESULTS, save
from benchmarks.scale.table import table


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write scale.json after each size, print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    sizes = [50, 1_000, 10_000, 100_000]
    parser.add_argument("--tickets", nargs="+", type=positive, default=sizes, metavar="N")
    parser.add_argument(
        "--repeats", type=positive, default=5, help="requests for each list; default: 5"
    )
    parser.add_argument("--output", type=Path, default=RESULTS, help="results as JSON")
    options = parser.parse_args(arguments)
    found = []
    try:
        for tickets in options.tickets:
            found.append(measure(tickets, options.repeats))
            save(found, options.output)
    except Skipped as reason:
        print(f"scale: {reason}", file=sys.stderr)
        return 1
    print(table(found))
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the started servers end too
    sys.exit(main())
