"""The kill table: what the suite found of the planted defects, profile by profile."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

import yaml

from contract_tests.proving.trial import Result

Key = TypeVar("Key")
Rates = dict[str, dict[str, float]]
_KINDS = ("reading", "writing")
_REQUESTS = "requests, median"


def lines(results: Sequence[Result]) -> Iterator[str]:
    """Write Markdown: a row for each profile, then one for each topic, and what survives."""
    defects = [result for result in results if result.subject.kind == "defect"]
    healthy = [result for result in results if result.subject.kind == "healthy"]
    if defects:
        profiles = list(dict.fromkeys(result.profile for result in defects))
        yield from _rates(profiles, defects)
        yield from _table(profiles, defects)
        yield from _survivors(profiles, defects)
    if healthy:
        yield from _alarms(healthy)


def shortfalls(results: Sequence[Result], rates: Rates) -> list[str]:
    """Return what falls short of the committed rates, what was not judged, every false alarm."""
    found = []
    for result in results:
        if result.subject.kind == "healthy" and (result.killed or result.fault):
            said = ", ".join(result.accused) or result.fault
            found.append(f"false alarm: {result.subject.name}, seed {result.seed}: {said}")
        elif result.fault:
            found.append(f"not judged: {result.subject.name}, seed {result.seed}: {result.fault}")
    defects = [result for result in results if result.subject.kind == "defect"]
    for profile, mine in _grouped(defects, lambda result: result.profile).items():
        for kind, least in rates.get(profile, {}).items():
            visible = _visible_in(mine, kind)
            share = sum(result.killed for result in visible) / len(visible) if visible else 1.0
            if share < least:
                found.append(f"{profile} kills {share:.1%} of the {kind} defects, not {least:.1%}")
    return found


def committed(path: Path) -> Rates:
    """Return the rates that a proof must reach: profile → visible in → share."""
    rates: Rates = yaml.safe_load(path.read_text(encoding="utf-8"))["rates"]
    return rates


def _rates(profiles: list[str], defects: list[Result]) -> Iterator[str]:
    yield _cells(["profile", *(f"defects that {kind} shows" for kind in _KINDS), _REQUESTS])
    yield _cells(["---"] * (2 + len(_KINDS)))
    for profile in profiles:
        mine = [result for result in defects if result.profile == profile]
        visible = (_visible_in(mine, kind) for kind in _KINDS)
        rates = [f"{sum(r.killed for r in found)} of {len(found)}" for found in visible]
        yield _cells([profile, *rates, _requests(mine)])
    yield ""


def _table(profiles: list[str], defects: list[Result]) -> Iterator[str]:
    killed = [f"{profile} kills" for profile in profiles]
    requests = [f"{profile} {_REQUESTS}" for profile in profiles]
    yield _cells(["statements", "defects", *killed, *requests])
    yield _cells(["---"] * (2 + 2 * len(profiles)))
    topics = _grouped(defects, lambda result: _topic(result.subject.requirement))
    for topic, found in sorted(topics.items()):
        yield _row(topic, profiles, found)
    yield ""


def _row(title: str, profiles: list[str], found: list[Result]) -> str:
    by_profile = _grouped(found, lambda result: result.profile)
    defects = len({result.subject.name for result in found})
    killed = [_share(by_profile[profile], defects) for profile in profiles]
    requests = [_requests(by_profile[profile]) for profile in profiles]
    return _cells([title, str(defects), *killed, *requests])


def _share(found: Sequence[Result], defects: int) -> str:
    """Return how many were killed; with several seeds, or after an interruption, of how many."""
    killed = sum(result.killed for result in found)
    return str(killed) if len(found) == defects else f"{killed} of {len(found)} runs"


def _requests(found: Sequence[Result]) -> str:
    return f"{median(result.requests for result in found):.0f}" if found else ""


def _survivors(profiles: list[str], defects: list[Result]) -> Iterator[str]:
    for profile in profiles:
        for kind in _KINDS:
            visible = [r for r in _visible_in(defects, kind) if r.profile == profile]
            alive = list(dict.fromkeys(_survivor(r) for r in visible if not r.killed))
            if alive:
                yield f"Survivors of {profile}, {kind} ({len(alive)}): {', '.join(alive)}"
    yield ""


def _survivor(result: Result) -> str:
    """Return a survivor's name; one that could not be judged says so."""
    return result.subject.name + (f" (not judged: {result.fault})" if result.fault else "")


def _alarms(results: list[Result]) -> Iterator[str]:
    yield _cells(["healthy mock", "profile", "runs", "false alarms", _REQUESTS])
    yield _cells(["---"] * 5)
    groups = _grouped(results, lambda result: (result.subject.name, result.profile))
    for (name, profile), found in groups.items():
        alarms = sum(result.killed or bool(result.fault) for result in found)
        yield _cells([name, profile, str(len(found)), str(alarms), _requests(found)])


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _topic(requirement: str) -> str:
    return ".".join(requirement.split(".")[:2])


def _visible_in(results: Iterable[Result], kind: str) -> list[Result]:
    return [result for result in results if result.subject.visible == kind]


def _grouped(results: Iterable[Result], key: Callable[[Result], Key]) -> dict[Key, list[Result]]:
    groups: dict[Key, list[Result]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return groups
