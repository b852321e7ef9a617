"""The history as one HTML file, each deployment by itself: statements by run, and latencies."""

from collections.abc import Iterator
from typing import Any

from contract_tests.report.history.run_line import RunLine, by_deployment
from contract_tests.report.history.terminal import left_out
from contract_tests.report.history.trend import Trend, trends
from contract_tests.report.page_templates import PageTemplates
from contract_tests.report.wording import plural

_SIGNS = {
    "violated": "✗", "confirmed": "✓", "conforming": "✓", "inconclusive": "?",
    "interrupted": "?", "": "·",
}  # fmt: skip


def render(runs: list[RunLine], unreadable: int) -> str:
    """Return the page of at least one run."""
    templates = PageTemplates()
    deployments = by_deployment(runs)
    return templates.get_template("history.html").render(
        addresses=list(deployments),
        deployments=[_deployment(own) for own in deployments.values()],
        unreadable=unreadable,
        left_out=left_out,
        signs=_SIGNS,
        day=_day,
        plural=plural,
        style=templates.source("history.css"),
    )


def _deployment(runs: list[RunLine]) -> dict[str, Any]:
    """Return what the template shows of one deployment."""
    found = trends(runs)
    return {
        "runs": runs,
        "last": runs[-1],
        "trends": found,
        "headline": _headline(found),
        "latency": list(_latency(runs)),
    }


def _headline(found: list[Trend]) -> str:
    """Return the statements that are violated now, and the flaky ones, in a sentence."""
    now = [trend for trend in found if trend.words.startswith("violated since")]
    flaky = [trend.statement for trend in found if trend.words.startswith("flaky")]
    words = [f"{trend.statement} is {trend.words}." for trend in now]
    if flaky:
        words.append(f"Flaky: {', '.join(flaky)}.")
    return " ".join(words) or "Nothing is violated."


def _latency(runs: list[RunLine]) -> Iterator[tuple[str, list[dict[str, Any]], float]]:
    """Yield each operation with its figures by run, and the largest of them."""
    for operation in dict.fromkeys(name for run in runs for name in run.latency):
        points = [
            {"day": _day(run), **run.latency[operation]} for run in runs if operation in run.latency
        ]
        yield operation, points, max(1.0, *(point["p95"] for point in points))


def _day(run: RunLine) -> str:
    return f"{run.when:%-d %B %Y}"
