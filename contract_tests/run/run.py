"""One run: send the plan, judge the answers, read again before reporting, undo the writes."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

from contract_tests.adaptations.adapter import Adapter
from contract_tests.client.budget import Exhausted
from contract_tests.client.signals import acknowledge, deferring_signals
from contract_tests.client.target import Target
from contract_tests.client.transport import Unanswered
from contract_tests.laws.finding import Finding
from contract_tests.observations.exchange import LIST_PATH, get
from contract_tests.observations.history import History
from contract_tests.probes import chosen, plan
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.generated.generate import Generate
from contract_tests.probes.plan import Phases
from contract_tests.probes.repetitions import ask_after
from contract_tests.run import required_headers, unjudged_responses
from contract_tests.run.confirmation import confirmed
from contract_tests.run.extension_check import ExtensionCheck
from contract_tests.run.judging import judge
from contract_tests.run.options import RunOptions
from contract_tests.run.outcome import INTERRUPTED, Outcome, why_not_written
from contract_tests.run.phase_limits import LOG_READINGS, PhaseLimits, reads_less
from contract_tests.writes import read_lag
from contract_tests.writes.ticket_writer import WriteSession, require_tickets
from contract_tests.writes.undo import undo
from mockserver.contract.operations import Contract

_WRITING: Phases = ("writing",)
TRIED = "whether the token is accepted"


class Run:
    """Runs the suite against a target."""

    def __init__(
        self,
        target: Target,
        contract: Contract,
        run_options: RunOptions,
        write_session: WriteSession | None = None,
    ) -> None:
        history = History(contract.page, others=run_options.others)
        self.run_options = run_options
        self.contract = contract
        self.target = target
        self.outcome = Outcome(run_options, history)
        rng = Random(run_options.seed)  # noqa: S311 - repeatable, not secret
        self.explorer = Explorer(
            target,
            history,
            run_options.profile,
            scope=run_options.scope,
            rng=rng,
            write_session=write_session,
        )
        self.explorer.notes = self.outcome.notes
        self.limits = PhaseLimits(self.explorer, run_options)
        target.transport.adaptations = Adapter(
            history.contract, active=list(run_options.agreed), base_path=run_options.base_path
        )

    def carry_out(self, generate: Generate | None = None) -> Outcome:
        """Run the plan. After an interruption, writes are undone and what was observed is judged.

        Raises CannotRun when not even the first request gets an answer to judge, or when a ticket
        that may be written does not exist.
        """
        with deferring_signals():
            try:
                self._read()
                self._generate(generate, writing=False)
                self._write(generate)
            except KeyboardInterrupt:
                self.outcome.stopped = INTERRUPTED
            finally:
                last = len(self.target.journal)
                self._undo()
            if self._check_extension():
                last = len(self.target.journal)
            if not any(exchange.answered for exchange in self.target.journal):
                raise KeyboardInterrupt
            self.outcome.findings = self._judge()
            self.outcome.name_differences(self.target.transport.adaptations)
            self._heed_signals()
        refused = self.target.transport.token_check.refused_from
        if refused is not None:
            last = refused - 1
        if self.outcome.stopped == INTERRUPTED or refused is not None:
            # A write whose response never came may have taken effect, so later responses prove
            # nothing.
            self.outcome.findings = [f for f in self.outcome.findings if _is_before(f, last)]
        self.outcome.cut_off = self.target.budget.cut_off
        self.outcome.notes += unjudged_responses.notes(self.target.journal)
        self.outcome.notes += read_lag.notes(self.explorer.read_lag, self.target.settle)
        self.outcome.seconds = time.time() - self.outcome.started
        return self.outcome

    def _heed_signals(self) -> None:
        if acknowledge():
            self.outcome.stopped = INTERRUPTED

    def _read(self) -> None:
        budget = self.target.budget
        reading = self.limits.reading()
        untried = self._has_untried_token() and not self.limits.lowered
        budget.grant(reading - 1 if untried and reading else reading)
        self._guarded("reading", lambda: required_headers.find(self.explorer))
        writes = self.explorer.write_session
        if writes is not None:
            self._guarded("reading", lambda: require_tickets(self.explorer, writes))
        for phases in plan.phases(self.run_options.profile, writes=writes is not None):
            if phases != _WRITING:
                self._send(phases)
            if untried and "reading" in phases:
                self._guarded("reading", self._try_readonly)

    def _has_untried_token(self) -> bool:
        topics = self.run_options.topics()
        given = "readonly" in self.run_options.others and self.run_options.profile == "quick"
        return given and (topics is None or "access" in topics)

    def _try_readonly(self) -> None:
        """Ask for a list with the read-only token, for which the plan of quick has no request."""
        if self.target.budget.requests is not None:
            self.target.budget.requests += 1  # which was kept back for this one
        with self.target.phase("reading", limits="run"):
            self.explorer.send(replace(get(LIST_PATH, {"per_page": 1}, TRIED), who="readonly"))

    def _write(self, generate: Generate | None) -> None:
        if self.explorer.write_session is None or self.outcome.stopped == INTERRUPTED:
            return
        if _WRITING in plan.phases(self.run_options.profile, writes=True):
            self.target.budget.grant(self.limits.writing())
            self.target.budget.kept_back = 0
            self._send(_WRITING)
        self._generate(generate, writing=True)
        if self.run_options.profile != "quick" and self.explorer.history.writes:
            self._guarded("writing", self._last_look)
            self._guarded("writing", lambda: ask_after(self.explorer, LOG_READINGS))

    def _check_extension(self) -> bool:
        """Check the operations that are not on the page, after the undo; return whether it ran."""
        if not self.run_options.extension or self.outcome.stopped == INTERRUPTED:
            return False
        check = ExtensionCheck(self.explorer, self.contract, self.run_options)
        self.outcome.extension = check.history
        try:
            check.carry_out(self._send)
        except KeyboardInterrupt:
            self.outcome.stopped = INTERRUPTED
        return True

    def _generate(self, generate: Generate | None, *, writing: bool) -> None:
        if generate is None or self.outcome.stopped:
            return
        self._guarded(
            "generated", lambda: generate(self.explorer, self.run_options.seed, writing=writing)
        )
        # The engine of generated requests keeps errors to itself.
        self.outcome.stopped = self.outcome.stopped or self.target.budget.ended

    def _last_look(self) -> None:
        """Walk once more, to compare the tickets that were not written with their earlier state."""
        with self.target.phase("writing", limits="run"):  # the plan has kept that back
            self.explorer.walk("created_at")

    def _send(self, phases: Phases, explorer: Explorer | None = None) -> None:
        few = reads_less(self.run_options, writes=self.explorer.write_session is not None)
        for probe in chosen(self.run_options.profile, phases, self.run_options.topics(), few=few):
            first = len(self.target.journal)
            goes_on = self._guarded(probe.phase, partial(probe.run, explorer or self.explorer))
            self.outcome.sent[probe.name] = self.target.journal[first:]
            if not goes_on and not ("reading" in phases and self.target.budget.allows()):
                return

    def _guarded(self, phase: str, act: Callable[[], None]) -> bool:
        """Do something in a phase; False when the budget ended it."""
        try:
            with self.target.phase(phase):
                act()
        except Exhausted:
            self.outcome.stopped = (
                self.outcome.stopped or self.target.budget.ended or self.limits.lowered
            )
            return False
        return True

    def _undo(self) -> None:
        self._heed_signals()
        write_session = self.explorer.write_session
        if write_session is None or not write_session.journal.entries:
            return
        try:
            self.outcome.restored = undo(self.explorer, write_session.journal)
        except KeyboardInterrupt:  # a second one is not raised while writes are undone
            self.outcome.stopped = INTERRUPTED
            self._undo()
        except (Unanswered, Exhausted) as end:
            self.outcome.notes.append(f"the undo was cut short: {end}")

    def _judge(self) -> list[Finding]:
        history = self.explorer.history
        history.why_not_written = why_not_written(self.explorer.write_session, self.outcome.stopped)
        findings = judge(history, self.run_options)
        if self.outcome.extension is not None:
            findings += judge(self.outcome.extension, self.run_options)
        return confirmed(findings, self.explorer, self.run_options)


def _is_before(finding: Finding, last: int) -> bool:
    """Return whether a finding is no violation, or rests on the first exchanges alone."""
    return finding.outcome != "violated" or all(number <= last for number in finding.exchanges)
