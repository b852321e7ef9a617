"""Options of a run: the profile, the seed, and which requirements are judged."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from contract_tests.adaptations.adaptation import Adaptation
from contract_tests.client.safety import TicketScope
from contract_tests.laws import LAWS
from contract_tests.laws.documented_fields import REQUIREMENT
from contract_tests.laws.finding import Law
from contract_tests.laws.requirements import EXTENSION

RECORDED = "recorded"
"""The profile of recorded traffic, for which nothing is sent and nothing is drawn."""


@dataclass(frozen=True)
class RunOptions:
    """Options of a run; `only` and `skip` name requirements and laws.

    With `strict_fields` an undocumented field is a violation; with `extension` the operations
    that are not on the page are checked, too. `extension_tickets` get messages, tags and a team.
    """

    profile: str = "standard"
    seed: int = 0
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    max_requests: int | None = None
    strict_fields: bool = False
    extension: bool = False
    extension_tickets: tuple[int, ...] = ()
    scope: TicketScope = field(default_factory=TicketScope)
    base_path: str = ""
    """Where the operations are looked for first, when they are not at the documented path."""
    agreed: tuple[Adaptation, ...] = ()
    """What the contract says of the deployment's own names."""

    def wants(self, law: Law) -> bool:
        """Return whether any requirement of a law is to be judged by it."""
        return any(self.keeps(name, law.name) for name in law.requirements)

    def keeps(self, requirement: str, law: str) -> bool:
        """Return whether a requirement is to be judged by a law."""
        if requirement == REQUIREMENT and not self.strict_fields:
            return False
        if requirement.startswith(EXTENSION) and not self.extension:
            return False
        names = (requirement, law)
        if any(_matches(name, self.skip) for name in names):
            return False
        return not self.only or any(_matches(name, self.only) for name in names)

    def topics(self) -> set[str] | None:
        """Return what the wanted laws are about; None is everything."""
        if not self.only:
            return None
        return {law.topic for law in LAWS.values() if self.wants(law)}


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, p) or name.startswith(f"{p}.") for p in patterns)
