"""The kill table: what the suite found of the planted defects, requirement by requirement."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median

import yaml

from contract_tests.prove import Result

Rates = dict[str, dict[str, float]]


def lines(results: Sequence[Result]) -> Iterator[str]:
    """Write the table as Markdown: a row for each topic, then the sums and the survivors."""
    defects = [result for result in results if result.subject.kind == "defect"]
    healthy = [result for result in results if result.subject.kind == "healthy"]
    for profile in dict.fromkeys(result.profile for result in defects):
        yield from _table(profile, [result for result in defects if result.profile == profile])
    if healthy:
        yield from _alarms(healthy)


def summary(results: Iterable[Result]) -> Iterator[str]:
    """Write one row for each profile: what it kills, and what that costs."""
    yield "| profile | reading defects killed | writing defects killed | requests, median |"
    yield "|---|---|---|---|"
    by_profile = _grouped(results, lambda result: result.profile)
    for profile, found in by_profile.items():
        shares = [_share(_visible(found, kind)) for kind in ("reading", "writing")]
        requests = median(result.requests for result in found)
        yield f"| {profile} | {shares[0]} | {shares[1]} | {requests:.0f} |"


def shortfalls(results: Sequence[Result], rates: Rates) -> list[str]:
    """Return what falls short of the committed rates, and every false alarm."""
    found = []
    for result in results:
        if result.subject.kind == "healthy" and (result.accused or result.fault):
            said = ", ".join(result.accused) or result.fault
            found.append(f"false alarm: {result.subject.name}, seed {result.seed}: {said}")
    defects = [result for result in results if result.subject.kind == "defect"]
    for profile, mine in _grouped(defects, lambda result: result.profile).items():
        for kind, least in rates.get(profile, {}).items():
            seen = _visible(mine, kind)
            share = sum(result.killed for result in seen) / len(seen) if seen else 1.0
            if share < least:
                found.append(f"{profile} kills {share:.1%} of the {kind} defects, not {least:.1%}")
    return found


def committed(path: Path) -> Rates:
    """Return the rates that a proof must reach: profile → visible in → share."""
    rates: Rates = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rates


def _table(profile: str, results: list[Result]) -> Iterator[str]:
    yield f"{profile}:"
    yield ""
    yield "| statements | defects | killed | requests, median | survivors |"
    yield "|---|---|---|---|---|"
    topics = _grouped(results, lambda result: _topic(result.subject.requirement))
    for topic, found in sorted(topics.items()):
        yield _row(topic, found)
    for kind in ("reading", "writing"):
        if seen := _visible(results, kind):
            yield _row(f"**all that {kind} shows**", seen, named=False)
    yield ""


def _row(title: str, found: list[Result], *, named: bool = True) -> str:
    alive = [result.subject.name for result in found if not result.killed]
    requests = median(result.requests for result in found)
    survivors = ", ".join(alive) if named else str(len(alive) or "")
    return f"| {title} | {len(found)} | {_share(found)} | {requests:.0f} | {survivors} |"


def _alarms(results: list[Result]) -> Iterator[str]:
    yield "| healthy mock | runs | false alarms | requests, median |"
    yield "|---|---|---|---|"
    for name, found in _grouped(results, lambda result: result.subject.name).items():
        alarms = sum(result.killed or bool(result.fault) for result in found)
        requests = median(result.requests for result in found)
        yield f"| {name} | {len(found)} | {alarms} | {requests:.0f} |"


def _topic(requirement: str) -> str:
    return ".".join(requirement.split(".")[:2])


def _visible(results: Iterable[Result], kind: str) -> list[Result]:
    return [result for result in results if result.subject.visible == kind]


def _share(results: Sequence[Result]) -> str:
    killed = sum(result.killed for result in results)
    return f"{killed} of {len(results)}" if results else "none"


def _grouped(results: Iterable[Result], key: Callable[[Result], str]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return groups
