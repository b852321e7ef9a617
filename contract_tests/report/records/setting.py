"""What a record says of a run beside what was observed: its target, and how to repeat it."""

from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.report.masking.data_mask import DataMask
from mockserver.contract import resources


@dataclass(frozen=True)
class Setting:
    """What the record says of a run: its target, how strictly it is judged, how to repeat it."""

    base_url: str
    mask: DataMask
    strict: bool = False
    command: tuple[str, ...] = ("contract-tests",)
    repeat: tuple[str, ...] = ()
    """Given --only, looks for one violation again; `command` if empty."""
    contract: Path = field(default_factory=resources.contract)
    headers: tuple[str, ...] = ()
    """Names of the headers that every request carries beside the usual ones."""
