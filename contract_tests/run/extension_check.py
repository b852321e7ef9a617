"""The part of a run that checks the operations which are not on the page."""

from collections.abc import Callable
from random import Random

from contract_tests.client.budget import EXTENSION, EXTENSION_WRITING, Exhausted
from contract_tests.laws.extension.history import ExtensionHistory
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.extension.explorer import ExtensionExplorer
from contract_tests.probes.plan import Phases
from contract_tests.run.options import RunOptions
from mockserver.contract.operations import Contract

Send = Callable[[Phases, Explorer], None]
"""Sends the probes of a phase."""


class ExtensionCheck:
    """Runs after the check of the page, so that its writes cannot change the verdicts of that."""

    def __init__(self, main: Explorer, contract: Contract, run_options: RunOptions) -> None:
        self.history = ExtensionHistory(
            main.history.contract,
            others=main.history.others,
            whole_contract=contract,
            page=main.history,
        )
        self._main = main
        self._run_options = run_options
        self._explorer = ExtensionExplorer(
            main.target,
            self.history,
            run_options.profile,
            added=len(main.target.journal),
            recognized=True,
            scope=run_options.scope,
            rng=Random(run_options.seed),  # noqa: S311 - repeatable, not secret
            main=main,
            notes=main.notes,
        )

    def carry_out(self, send: Send) -> None:
        """Send the probes; those that write are sent for the named tickets only."""
        target = self._main.target
        try:
            target.budget.grant(self._limit())
            send(("extension",), self._explorer)
            tickets = [t for t in self._run_options.extension_tickets if self._can_be_read(t)]
            if tickets:
                self._explorer.tickets = tuple(tickets)
                target.transport.guard.extension = frozenset(tickets)
                target.budget.grant(EXTENSION_WRITING * len(tickets))
                send(("extension writing",), self._explorer)
        finally:
            target.transport.guard.extension = frozenset()
            self._main.added = len(target.journal)

    def _limit(self) -> int | None:
        limit, maximum = EXTENSION[self._run_options.profile], self._run_options.max_requests
        if maximum is None:
            return limit
        left = max(0, maximum - self._main.target.budget.spent)
        return left if limit is None else min(limit, left)

    def _can_be_read(self, ticket: int) -> bool:
        try:
            found = bool(self._explorer.ticket(ticket))
        except Exhausted:
            found = False
        if not found:
            self._main.note(f"ticket {ticket} could not be read, so it was not written")
        return found
