"""`python -m benchmarks`: this mock and its peers, with the same data and the same requests."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.arguments import positive
from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.contenders.ours import Other
from benchmarks.load import table
from benchmarks.load.driver import DriveError
from benchmarks.load.plot import svg
from benchmarks.load.results import RESULTS
from benchmarks.load.run import Plan, run
from mockserver.contract.errors import MockError


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write load.json and load.svg; return the exit status."""
    options = _options().parse_args(arguments)
    contenders = options.only
    if options.versus:
        contenders = [*contenders, Other(options.versus.resolve())]
    plan = Plan(options.tickets, options.seconds, options.rounds, options.connections, contenders)
    try:
        results = run(plan, lambda line: print(line, flush=True))
    except (DriveError, MockError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    results.save(options.output)
    options.output.with_suffix(".svg").write_text(svg(results))
    print(f"\n{table.table(results)}\n\n{table.details(results)}")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    sizes = [50, 1_000, 10_000, 100_000]
    add("--tickets", nargs="+", type=positive, default=sizes, metavar="N")
    add("--seconds", type=positive, default=10, help="duration of a measurement; default: 10")
    add("--rounds", type=positive, default=5, help="measurements of each contender; default: 5")
    add("--connections", type=positive, default=16, help="open connections; default: 16")
    add("--only", type=_contenders, default=list(CONTENDERS.values()), metavar="NAME,NAME")
    add("--versus", type=Path, metavar="CHECKOUT", help="also measure the mock of this checkout")
    add("--output", type=Path, default=RESULTS, help="results as JSON; the plot is saved beside it")
    parser.epilog = f"Contenders: {', '.join(CONTENDERS)}."
    return parser


def _contenders(text: str) -> list[Contender]:
    unknown = [name for name in text.split(",") if name not in CONTENDERS]
    if unknown:
        known = ", ".join(CONTENDERS)
        raise argparse.ArgumentTypeError(f"unknown contender {unknown[0]!r}; known: {known}")
    return [CONTENDERS[name] for name in text.split(",")]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the started servers end too
    sys.exit(main())
