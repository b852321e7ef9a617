"""`python -m benchmarks`: this mock beside its peers, on the same data and the same work."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.arguments import positive
from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.contenders.ours import Other
from benchmarks.drive import DriveError
from benchmarks.plot import PLOT, svg
from benchmarks.results import RESULTS
from benchmarks.run import Plan, run
from mockserver.contract.errors import MockError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print the table, and write results.json and results.svg; return the exit status."""
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
    options.output.with_suffix(PLOT.suffix).write_text(svg(results))
    print(f"\n{report.table(results)}\n\n{report.details(results)}")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--tickets", nargs="+", type=positive, default=[50, 1_000, 10_000], metavar="N")
    add("--seconds", type=positive, default=10, help="of each timed stretch; default: 10")
    add("--rounds", type=positive, default=5, help="of all contenders in turn; default: 5")
    add("--connections", type=positive, default=16, help="kept open at once; default: 16")
    add("--only", type=_contenders, default=list(CONTENDERS.values()), metavar="NAME,NAME")
    add("--versus", type=Path, metavar="CHECKOUT", help="beside the mock of another checkout")
    add("--output", type=Path, default=RESULTS, help="results as JSON; the plot goes beside it")
    parser.epilog = f"Contenders: {', '.join(CONTENDERS)}."
    return parser


def _contenders(text: str) -> list[Contender]:
    unknown = [name for name in text.split(",") if name not in CONTENDERS]
    if unknown:
        known = ", ".join(CONTENDERS)
        raise argparse.ArgumentTypeError(f"no contender is called {unknown[0]!r}; known: {known}")
    return [CONTENDERS[name] for name in text.split(",")]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers end with it
    sys.exit(main())
