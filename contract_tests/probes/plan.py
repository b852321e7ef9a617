"""The plan: which probes a profile sends, in which order, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from contract_tests.probes.explorer import Explorer

Profile = Literal["quick", "standard", "deep"]
PROFILES: tuple[Profile, ...] = ("quick", "standard", "deep")
Phase = Literal[
    "reading", "writing", "generated", "closing", "written", "extension", "extension writing"
]
"""`written`: what was written, and what else changed with it, once more."""
Phases = tuple[Phase, ...]
"""Phases whose probes are sent in one order."""


@dataclass(frozen=True)
class Probe:
    """Requests sent for one reason; `shown` is what `--plan` prints of them.

    It is sent by the profiles from `since` to `until`; one with `few` only by a run that reads less
    than its profile does. `between` is True for one that only a run sends that writes between its
    reading requests, and False for one that such a run leaves out.
    """

    name: str
    phase: Phase
    since: Profile
    topics: tuple[str, ...]
    shown: tuple[str, ...]
    run: Callable[[Explorer], None]
    few: bool = False
    until: Profile = "deep"
    between: bool | None = None

    def belongs_to(self, profile: str, *, between: bool) -> bool:
        known = tuple[str, ...](PROFILES)
        in_profile = known.index(self.since) <= known.index(profile) <= known.index(self.until)
        return in_profile and self.between in (None, between)


PROBES: list[Probe] = []


def probe(
    *shown: str,
    since: Profile = "quick",
    topics: tuple[str, ...] = (),
    phase: Phase = "reading",
    few: bool = False,
    until: Profile = "deep",
    between: bool | None = None,
) -> Callable[[Callable[[Explorer], None]], Callable[[Explorer], None]]:
    """Register a function that asks for something; no topics: every law needs it."""

    def register(run: Callable[[Explorer], None]) -> Callable[[Explorer], None]:
        PROBES.append(Probe(run.__name__, phase, since, topics, shown, run, few, until, between))
        return run

    return register


def phases(profile: str, *, writes: bool) -> tuple[Phases, ...]:
    """Return the phases of a profile in the order in which they are sent.

    Quick writes between its reading requests, so that the same lists tell of both.
    """
    if not writes:
        return ("reading",), ("closing",)
    if profile == "quick":
        return ("reading", "writing"), ("closing", "written")
    return ("reading",), ("closing",), ("writing",)


def chosen(
    profile: str, phases: Phases, topics: set[str] | None = None, *, few: bool = False
) -> list[Probe]:
    """Return the probes of a profile and its phases, in order; `topics` None is everything.

    `few` says that --max-requests allows less than the profile.
    """
    between = "written" in phases or {"reading", "writing"} <= set(phases)
    return [
        probe
        for probe in PROBES
        if probe.phase in phases
        and probe.belongs_to(profile, between=between)
        and (few or not probe.few)
        and (topics is None or not probe.topics or topics & set(probe.topics))
    ]
