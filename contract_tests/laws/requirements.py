"""The documented statements that a run confirms, sees violated, or cannot observe."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Evidence = Literal["stated", "shown", "vendor", "inferred"]
Severity = Literal["fail", "warn"]
_FOLDER = Path(__file__).parent
FILES = (_FOLDER / "requirements.yaml", _FOLDER / "extension" / "requirements.yaml")
EXTENSION = "extension."
"""What the names of the requirements of the extension begin with."""


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
    """Return the requirements by id, in the order of the page, then those of the extension."""
    entries = [yaml.load(file.read_bytes(), yaml.CSafeLoader) for file in FILES]
    return {name: Requirement(id=name, **entry) for part in entries for name, entry in part.items()}
