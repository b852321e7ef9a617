"""The documented statements that a run confirms, sees violated, or cannot observe."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Evidence = Literal["stated", "shown", "vendor", "inferred"]
Severity = Literal["fail", "warn"]
FILE = Path(__file__).with_name("requirements.yaml")


@dataclass(frozen=True)
class Requirement:
    """One statement; `where` is a file of the contract and a JSON pointer into it."""

    id: str
    words: str
    source: str
    evidence: Evidence
    where: str
    always: bool = False

    def severity(self, *, strict: bool = False) -> Severity:
        """Return what a violation weighs: evidence of the page itself fails, the rest warns."""
        certain = self.always or strict or self.evidence in ("stated", "shown")
        return "fail" if certain else "warn"


@cache
def load() -> dict[str, Requirement]:
    """Return the requirements by id, in the order of the page."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: Requirement(id=name, **entry) for name, entry in entries.items()}
