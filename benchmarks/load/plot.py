"""The results as an SVG plot: server CPU per request, on a logarithmic axis."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10
from xml.sax.saxutils import escape

from benchmarks.load.results import Entry, Results, Spread

_LEFT, _WIDTH, _TOP, _ROW = 300, 870, 64, 34
_RIGHT = 45
_COLOURS = ("#2563eb", "#ea580c", "#16a34a", "#9333ea")

_STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.faint { fill: #656d76 } .grid { stroke: #d0d7de }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .faint { fill: #8d96a0 } .grid { stroke: #30363d }
}"""


@dataclass(frozen=True)
class _Axis:
    """A logarithmic axis over whole decades."""

    least: int
    most: int

    def place(self, value: float) -> float:
        share = (log10(value) - self.least) / (self.most - self.least)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def svg(results: Results) -> str:
    """Return the plot: a dot for the median, a bar from minimum to maximum."""
    entries = [entry for entry in results.entries if entry.sizes]
    height = _TOP + _ROW * len(entries) + 30
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        "<title>Server CPU per request, in microseconds</title>",
        f"<style>{_STYLE}</style>",
        _text(0, 18, "Server CPU per request, µs (logarithmic; lower is better)"),
        *_key(results.sizes),
        *_rows(entries, results.sizes, height),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _rows(entries: list[Entry], sizes: list[int], height: int) -> Iterator[str]:
    costs = {(e.key, size): _cost(e, size) for e in entries for size in sizes if size in e.sizes}
    if not costs:
        return
    axis = _axis(list(costs.values()))
    yield from _grid(axis, height)
    for number, entry in enumerate(entries):
        y = _TOP + _ROW * number + _ROW // 2
        yield _text(0, y + 4, entry.title)
        yield _text(_LEFT - 12, y + 4, _right(entry), "faint", "end")
        for place, size in enumerate(sizes):
            if spread := costs.get((entry.key, size)):
                yield from _dot(axis, spread, y + 8 * place - 4 * (len(sizes) - 1), _colour(place))


def _cost(entry: Entry, size: int) -> Spread:
    return entry.sizes[size].spread(lambda each: max(1.0, each.processor_us))


def _axis(costs: list[Spread]) -> _Axis:
    least = floor(log10(min(cost.least for cost in costs)))
    return _Axis(least, max(least + 1, ceil(log10(max(cost.most for cost in costs)))))


def _right(entry: Entry) -> str:
    outcome = next(iter(entry.sizes.values()))
    return f"{outcome.right}/{outcome.checks} right"


def _grid(axis: _Axis, height: int) -> Iterator[str]:
    for decade in range(axis.least, axis.most + 1):
        x = axis.place(10**decade)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{height - 24}"/>'
        yield _text(x, height - 8, f"{10**decade:,}", "faint", "middle")


def _dot(axis: _Axis, spread: Spread, y: float, colour: str) -> Iterator[str]:
    left, middle, right = map(axis.place, (spread.least, spread.median, spread.most))
    span = f'x1="{left:.1f}" x2="{right:.1f}" y1="{y}" y2="{y}"'
    yield f'<line {span} stroke="{colour}" stroke-width="3" opacity=".45"/>'
    yield f'<circle cx="{middle:.1f}" cy="{y}" r="4.5" fill="{colour}"/>'


def _key(sizes: list[int]) -> Iterator[str]:
    for place, size in enumerate(sizes):
        x = _LEFT + 130 * place
        yield f'<circle cx="{x}" cy="42" r="4.5" fill="{_colour(place)}"/>'
        yield _text(x + 10, 46, f"{size:,} tickets", "faint")


def _colour(place: int) -> str:
    return _COLOURS[place % len(_COLOURS)]


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} class="{style}">{escape(words)}</text>'
