"""The history in the terminal: one line for each run, then the statements that changed."""

from collections.abc import Iterator

from contract_tests.report.history.run_line import RunLine, by_deployment
from contract_tests.report.history.trend import trends
from contract_tests.report.wording import plural

_SIGNS = {"violated": "✗", "confirmed": "✓", "": "·"}
_WIDTH = 60
"""How many of the last runs a strip shows."""


def lines(runs: list[RunLine], unreadable: int) -> Iterator[str]:
    """Yield the history as text, each deployment by itself; an address heads one of several."""
    deployments = by_deployment(runs)
    for number, (address, own) in enumerate(deployments.items()):
        if number:
            yield ""
        if len(deployments) > 1:
            yield address
        yield from _of_one(own)
    if unreadable:
        yield left_out(unreadable)


def _of_one(runs: list[RunLine]) -> Iterator[str]:
    """Yield the runs of one deployment, then its statements that changed."""
    for run in runs:
        slowest = max((each["p95"] for each in run.latency.values()), default=0.0)
        yield (
            f"{run.when:%Y-%m-%d %H:%M} {run.verdict:12} {len(run.confirmed):>3} confirmed "
            f"{len(run.violated):>2} violated {run.not_observed:>3} not observed "
            f"{run.requests:>4} requests  p95 {slowest:.0f} ms"
        )
    found = trends(runs)
    width = max((len(trend.statement) for trend in found), default=0)
    if found:
        yield ""
    for trend in found:
        strip = "".join(_SIGNS[mark] for mark in trend.marks[-_WIDTH:])
        yield f"{trend.statement:{width}} {strip} {trend.words}"
    for words in runs[-1].differences:
        yield f"difference: {words}"


def left_out(unreadable: int) -> str:
    """Return how many lines of the history are unreadable, in a sentence."""
    verb = "is" if unreadable == 1 else "are"
    return f"Unreadable: {plural(unreadable, 'line')} of the history, which {verb} left out."
