"""The results as a Markdown table, with details of each contender."""

from collections.abc import Callable
from operator import attrgetter

from benchmarks.load.results import Entry, Outcome, Results, Round, Spread

_RATE = attrgetter("requests_per_second")
_COST = attrgetter("processor_us")
_P50 = attrgetter("median_ms")
_P99 = attrgetter("p99_ms")
_START = attrgetter("start_seconds")
_MEMORY = attrgetter("memory_mb")


def table(results: Results | None = None) -> str:
    """Return the table of a run with its legend; by default from load.json."""
    results = results or Results.load()
    heads = ["mock", "right answers", *(_size_head(size) for size in results.sizes)]
    heads += ["p50, p99", "start to first answer", "memory"]
    rows = [_row(entry, results) for entry in results.entries]
    lines = [_line(heads), "|---" * len(heads) + "|", *map(_line, rows)]
    return "\n".join([*lines, "", _legend(results)])


def details(results: Results | None = None) -> str:
    """Return the setup, the wrong answers and the skipped sizes of each contender."""
    results = results or Results.load()
    return "\n".join(_detail(entry) for entry in results.entries)


def _row(entry: Entry, results: Results) -> list[str]:
    name = f"{entry.title} ({entry.version})"
    if not entry.sizes:
        return [name, f"skipped: {next(iter(entry.skipped.values()))}", *_blank(results)]
    cells = [_figures(entry, size) for size in results.sizes]
    outcomes = list(entry.sizes.values())
    starts = [_number(outcome.spread(_START), 2) for outcome in outcomes]
    memories = [_number(outcome.spread(_MEMORY), 0) for outcome in outcomes]
    slow = [
        f"{_number(each.spread(_P50), 1)}, {_number(each.spread(_P99), 1)}" for each in outcomes
    ]
    return [
        name,
        _right(entry),
        *cells,
        f"{'; '.join(slow)} ms",
        f"{', '.join(starts)} s",
        f"{', '.join(memories)} MB",
    ]


def _blank(results: Results) -> list[str]:
    return [""] * (len(results.sizes) + 3)


def _right(entry: Entry) -> str:
    if not any(each.checks for each in entry.sizes.values()):
        return "no data"
    counts = dict.fromkeys(f"{each.right} of {each.checks}" for each in entry.sizes.values())
    own = " in its own query syntax" if entry.words == "own" else ""
    return f"{', '.join(counts)}{own}"


def _figures(entry: Entry, size: int) -> str:
    if size not in entry.sizes:
        return entry.skipped.get(size, "not measured")
    outcome = entry.sizes[size]
    failed = sum(each.failed for each in outcome.rounds)
    warning = f", **{failed:,} failed**" if failed else ""
    return f"{_spread(outcome, _RATE)}; {_spread(outcome, _COST)} µs{warning}"


def _spread(outcome: Outcome, figure: Callable[[Round], float]) -> str:
    spread = outcome.spread(figure)
    digits = 1 if spread.median < 10 else 0
    return f"{_number(spread, digits)} ({spread.least:,.{digits}f} to {spread.most:,.{digits}f})"


def _number(spread: Spread, digits: int) -> str:
    return f"{spread.median:,.{digits}f}"


def _size_head(size: int) -> str:
    return f"{size:,} tickets: requests/s; server CPU per request"


def _legend(results: Results) -> str:
    runtimes = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    return (
        f"Medians of {results.rounds} interleaved rounds of {results.seconds} s "
        f"(least to most), {results.connections} connections driven by wrk on the "
        f"same {results.cores} cores, {results.date}; {runtimes}. "
        "Distinct requests: 45 % lists with 1 to 3 statuses, a sort, a page and a size, sometimes "
        "a channel or the unassigned; 15 % searches; 35 % details; 5 % changes. A filter that a "
        "mock does not have is left out of its requests. CPU and memory are those of "
        "the whole process tree. Compare figures only within this run."
    )


def _detail(entry: Entry) -> str:
    lines = [f"* **{entry.title} {entry.version}**: {entry.setup}."]
    for size, outcome in entry.sizes.items():
        wrong = [f"{name} ({complaint})" for name, complaint in outcome.wrong.items()]
        if wrong:
            lines.append(f"  Wrong with {size:,} tickets: {'; '.join(wrong)}.")
    for size, reason in entry.skipped.items():
        lines.append(f"  Skipped with {size:,} tickets: {reason}.")
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
