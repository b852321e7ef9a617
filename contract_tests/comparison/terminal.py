"""A comparison in the terminal: violations, then differences by kind, then their number."""

from collections.abc import Iterable, Iterator

from contract_tests.comparison.renames import Renaming, renamings
from contract_tests.comparison.two_deployments import Adapted, Comparison, Difference, Kind
from contract_tests.laws.requirements import load
from contract_tests.report.wording import plural

_TITLES: dict[Kind, str] = {
    "left breaks it": "Different, and left breaks the contract",
    "right breaks it": "Different, and right breaks the contract",
    "both break it": "Different, and both break the contract",
    "additive": "One side sends more; the contract allows it",
    "silent": "Different where the contract says nothing",
}


def lines(comparison: Comparison, left: str, right: str) -> Iterator[str]:
    """Yield the comparison as text."""
    yield f"left  {left}, {comparison.requests[0]} requests"
    yield f"right {right}, {comparison.requests[1]} requests"
    yield ""
    yield from _adapted(comparison.adapted)
    for name, messages in comparison.violations.items():
        for side, message in messages.items():
            fails = load()[name].severity() == "fail"
            sign = "BREAKS THE CONTRACT" if fails else "WARNING"
            yield f"{side.upper()} {sign}  {name}: {message}"
    renamed = list(renamings(comparison.differences))
    yield from _renamed(renamed)
    explained = {difference for each in renamed for difference in each.differences}
    rest = [difference for difference in comparison.differences if difference not in explained]
    for kind, title in _TITLES.items():
        yield from _grouped(title, [d for d in rest if d.kind == kind])
    if comparison.left_out:
        yield f"Not compared, for want of data: {', '.join(comparison.left_out)}"
        yield ""
    count = plural(len(comparison.differences), "difference")
    pairs = f"{plural(comparison.compared, 'pair')} of answers"
    yield f"{count} in the shape of {pairs}; contents are not compared"


def _adapted(found: list[Adapted]) -> Iterator[str]:
    """Yield the differences from the documentation behind which the rest was compared."""
    if found:
        yield f"Differs from the documentation ({len(found)}); compared behind it"
    for each in found:
        sides = "both sides" if len(each.sides) > 1 else f"the {each.sides[0]} side"
        yield f"  {sides}: {each.difference.adaptation.words}; {each.difference.breaks}"
    if found:
        yield ""


def _renamed(renamed: list[Renaming]) -> Iterator[str]:
    """Yield the fields that have another name on each side."""
    if renamed:
        yield f"Renamed ({len(renamed)})"
    for each in renamed:
        names = f"{each.left} on the left is {each.right} on the right"
        yield f"  {each.operation}: {names}; in {_shown(d.request for d in each.differences)}"
    if renamed:
        yield ""


def _grouped(title: str, differences: list[Difference]) -> Iterator[str]:
    """Yield equal differences once, with the requests that show them."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for d in differences:
        found.setdefault((d.trait, d.left, d.right), []).append(d.request)
    if found:
        yield f"{title} ({len(found)})"
    for (trait, left, right), requests in found.items():
        yield f"  {trait}: left {left}, right {right}; in {_shown(requests)}"
    if found:
        yield ""


def _shown(requests: Iterable[str]) -> str:
    """Return the first requests by name, and how many there are beside them."""
    names = list(dict.fromkeys(requests))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if names[3:] else "")
