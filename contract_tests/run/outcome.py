"""The outcome of a run: what was sent, what was found, and how the run ended."""

import time
from dataclasses import dataclass, field

from contract_tests.adaptations.adaptation import Adaptation
from contract_tests.adaptations.adapter import Adapter
from contract_tests.laws.extension.history import ExtensionHistory
from contract_tests.laws.finding import Finding
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History
from contract_tests.run import differences
from contract_tests.run.differences import Difference
from contract_tests.run.options import RunOptions
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo import UndoResult
from mockserver.contract.operations import Contract

INTERRUPTED = "interrupted"


@dataclass
class Outcome:
    """Everything a run found out, for the record and the reports."""

    run_options: RunOptions
    history: History
    findings: list[Finding] = field(default_factory=list)
    restored: list[UndoResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.time)
    seconds: float = 0.0
    differences: list[Difference] = field(default_factory=list)
    adaptations: list[Adaptation] = field(default_factory=list)
    """Every adaptation in use, also those that the contract agrees to."""
    stopped: str = ""
    """Why the run ended before its plan: the budget, or an interruption."""
    cut_short: str = ""
    """How much of the plan was sent, and why not all; empty for a run that was whole."""
    extension: ExtensionHistory | None = None
    """What was observed of the operations that are not on the page."""
    sent: dict[str, list[Exchange]] = field(default_factory=dict)
    """The exchanges of each probe, by its name."""
    cut_off: bool = False
    """Whether the deployment ended the run."""

    def name_differences(self, adapter: Adapter) -> None:
        """Add the differences that were adapted to, and their violations."""
        self.adaptations = adapter.active
        found = differences.differences(adapter, self.history)
        self.differences = [each for each in found if each.count]
        named = differences.findings(self.differences)
        self.findings += [
            each for each in named if self.run_options.keeps(each.requirement, each.law)
        ]

    @property
    def contract(self) -> Contract:
        """The contract that was checked: that of the page, or the whole one."""
        return self.extension.whole_contract if self.extension else self.history.contract

    @property
    def exchanges(self) -> list[Exchange]:
        """Every exchange of the run, in the order sent."""
        found = [*self.history.exchanges, *(self.extension.exchanges if self.extension else ())]
        return sorted(found, key=lambda exchange: exchange.number)


def why_not_written(write_session: WriteSession | None, stopped: str) -> str:
    """Return why a run sends no write; `stopped` is why it ended early."""
    if write_session is None:
        return "nothing was written (--write-tickets)"
    if stopped:
        return f"nothing was written: {stopped}"
    if not write_session.ticket_writers:
        return "nothing was written: no ticket that may be written could be read"
    return "nothing was written"
