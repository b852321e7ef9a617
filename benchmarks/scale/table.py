"""The results as Markdown tables, one column for each number of tickets."""

from collections.abc import Sequence
from statistics import median

from benchmarks.scale.results import Shape, Size, load


def summary(sizes: Sequence[Size] | None = None) -> str:
    """Return Markdown: all lists together; by default from scale.json."""
    sizes = sizes or load()
    rows = [
        ["a list, median", *(f"{median(_medians(size)):.1f} ms" for size in sizes)],
        [
            "the slowest list",
            *(f"{max(each.worst_ms for each in size.shapes):.1f} ms" for size in sizes),
        ],
        [
            "the slowest list, first request",
            *(f"{max(each.first_ms for each in size.shapes):.1f} ms" for size in sizes),
        ],
        *_ends(sizes),
    ]
    return _lines("processor time", sizes, rows)


def table(sizes: Sequence[Size] | None = None) -> str:
    """Return Markdown: median and slowest list of each filter; by default from scale.json."""
    sizes = sizes or load()
    names = [shape.filter for shape in sizes[0].shapes]
    rows = [
        [name, *(_times(size.shapes[place]) for size in sizes)] for place, name in enumerate(names)
    ]
    return _lines("list", sizes, [*rows, *_ends(sizes)])


def _ends(sizes: Sequence[Size]) -> list[list[str]]:
    return [
        ["first start", *(f"{size.first_start:.2f} s" for size in sizes)],
        ["start with an existing database", *(f"{size.next_start:.2f} s" for size in sizes)],
        ["memory", *(f"{size.memory:.0f} MB" for size in sizes)],
        ["contract suite", *(size.contract for size in sizes)],
    ]


def _lines(title: str, sizes: Sequence[Size], rows: Sequence[Sequence[str]]) -> str:
    heads = [title, *(f"{size.tickets:,} tickets" for size in sizes)]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _medians(size: Size) -> list[float]:
    return [each.median_ms for each in size.shapes]


def _times(shape: Shape) -> str:
    times = f"first {shape.first_ms:.1f} ms, median {shape.median_ms:.1f} ms"
    return f"{times}, slowest {shape.worst_ms:.1f} ms"
