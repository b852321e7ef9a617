"""`python -m benchmarks.workers`: what a second worker is worth, and what it costs.

The driver, and whatever else the machine does, take their share of the same cores. So
beside the requests a second stands what the server spent on each, which tells what two
workers would answer on two cores of their own.
"""

import argparse
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.arguments import positive
from benchmarks.contenders import Skipped
from benchmarks.contenders.ours import Ours
from benchmarks.desk import Desk, export
from benchmarks.drive import DriveError, driver
from benchmarks.process import busy_seconds
from benchmarks.results import Round
from benchmarks.run import Plan, timed
from benchmarks.serving import serving


class Workers(Ours):
    """The mock with so many workers, and what else it is started with."""

    def __init__(self, number: int, options: Sequence[str]) -> None:
        self.number = number
        self.options = ("--workers", str(number), *options)


@dataclass(frozen=True)
class Stretch:
    """One start of a server, and the processor time that others took meanwhile."""

    found: Round
    driver_us: float
    """What the driver spent on a request, in microseconds."""

    others: float
    """Cores that neither the server nor the driver had."""

    @property
    def per_second(self) -> float:
        return self.found.requests_per_second

    @property
    def cost(self) -> float:
        return self.found.processor_us


def measure(mock: Workers, desk: Desk, plan: Plan) -> Stretch:
    _, drive = driver()
    with (
        TemporaryDirectory(prefix="benchmark-") as name,
        serving(mock, Path(name), plan.sizes[0]) as running,
    ):
        busy, own = busy_seconds(), _own_seconds()
        found = timed(plan, mock, desk, running, drive)
        driven = _own_seconds() - own
        busy = busy_seconds() - busy
    # The warm-up costs as much a request as what follows it.
    whole = (plan.seconds + 1) / plan.seconds
    spent = found.processor_us * found.requests / 1e6 * whole
    others = max(0.0, busy - spent - driven) / (plan.seconds + 1)
    return Stretch(found, driven * 1e6 / (found.requests * whole), others)


def table(stretches: dict[int, list[Stretch]]) -> str:
    """Return Markdown: the median of the rounds for each number of workers."""
    heads = ["workers", "requests/s", "server µs each", "driver µs each"]
    heads += ["requests a server second", "cores others took", "99th percentile"]
    rows = [heads, ["---"] * len(heads)]
    for number, found in stretches.items():
        cost = median(each.cost for each in found)
        rows.append(
            [
                *(str(number), f"{median(each.per_second for each in found):,.0f}"),
                *(f"{cost:.0f}", f"{median(each.driver_us for each in found):.0f}"),
                *(f"{1e6 / cost:,.0f}", f"{median(each.others for each in found):.2f}"),
                f"{median(each.found.p99_ms for each in found):.1f} ms",
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def gain(stretches: dict[int, list[Stretch]]) -> str:
    """Say what the most workers gained over the fewest."""
    few, many = min(stretches), max(stretches)
    speed = [median(each.per_second for each in stretches[number]) for number in (few, many)]
    cost = [median(each.cost for each in stretches[number]) for number in (few, many)]
    failed = sum(each.found.failed for found in stretches.values() for each in found)
    return (
        f"{many} workers answered {speed[1] / speed[0]:.2f} times as much as {few} here, "
        f"and on free cores {many / few * cost[0] / cost[1]:.2f} times; {failed} failed"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure in turn, and print a table and the gain; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.workers",
        description=__doc__,
        epilog="What follows -- goes to the mock, such as --database URL.",
    )
    add = parser.add_argument
    add("--workers", nargs="+", type=positive, default=[1, 2], metavar="N")
    add("--tickets", type=positive, default=10_000, metavar="N")
    add("--seconds", type=positive, default=5, help="of each timed stretch; default: 5")
    add("--rounds", type=positive, default=3, help="of all numbers in turn; default: 3")
    add("--connections", type=positive, default=16, help="kept open at once; default: 16")
    add("options", nargs="*", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    mocks = [Workers(number, asked.options) for number in asked.workers]
    plan = Plan([asked.tickets], asked.seconds, asked.rounds, asked.connections, mocks)
    try:
        stretches = _rounds(plan, mocks)
    except (DriveError, Skipped) as error:
        print(f"workers: {error}", file=sys.stderr)
        return 1
    print(f"{table(stretches)}\n\n{gain(stretches)}")
    return 0


def _rounds(plan: Plan, mocks: Sequence[Workers]) -> dict[int, list[Stretch]]:
    desk = export(plan.sizes[0])
    found: dict[int, list[Stretch]] = {mock.number: [] for mock in mocks}
    for _ in range(plan.rounds):
        for mock in mocks:
            found[mock.number].append(measure(mock, desk, plan))
    return found


def _own_seconds() -> float:
    """Return the processor time of this process and of its ended children, such as the driver."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers end with it
    sys.exit(main())
