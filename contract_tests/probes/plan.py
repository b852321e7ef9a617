"""The plan: which probes a profile sends, in which order, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from contract_tests.probes.explorer import Explorer

Profile = Literal["quick", "standard", "deep"]
PROFILES: tuple[Profile, ...] = ("quick", "standard", "deep")
Phase = Literal["reading", "writing", "generated", "closing", "extension", "extension writing"]


@dataclass(frozen=True)
class Probe:
    """Requests sent for one reason; `shown` is what `--plan` prints of them.

    One with `few` is sent only by a run that reads less than its profile does.
    """

    name: str
    phase: Phase
    since: Profile
    topics: tuple[str, ...]
    shown: tuple[str, ...]
    run: Callable[[Explorer], None]
    few: bool = False

    def belongs_to(self, profile: str) -> bool:
        return PROFILES.index(self.since) <= tuple[str, ...](PROFILES).index(profile)


PROBES: list[Probe] = []


def probe(
    *shown: str,
    since: Profile = "quick",
    topics: tuple[str, ...] = (),
    phase: Phase = "reading",
    few: bool = False,
) -> Callable[[Callable[[Explorer], None]], Callable[[Explorer], None]]:
    """Register a function that asks for something; no topics: every law needs it."""

    def register(run: Callable[[Explorer], None]) -> Callable[[Explorer], None]:
        PROBES.append(Probe(run.__name__, phase, since, topics, shown, run, few))
        return run

    return register


def chosen(
    profile: str, phase: Phase, topics: set[str] | None = None, *, few: bool = False
) -> list[Probe]:
    """Return the probes of a profile and phase, in order; `topics` None is everything.

    `few` says that --max-requests allows less than the profile.
    """
    return [
        probe
        for probe in PROBES
        if probe.phase == phase
        and probe.belongs_to(profile)
        and (few or not probe.few)
        and (topics is None or not probe.topics or topics & set(probe.topics))
    ]
