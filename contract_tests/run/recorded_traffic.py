"""Judges recorded traffic with every applicable law, without sending requests."""

import re
from collections.abc import Iterable
from dataclasses import replace

from contract_tests.adaptations import recorded as recorded_traffic
from contract_tests.adaptations.adapter import Adapter
from contract_tests.laws.finding import Finding
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.walks import Walk
from contract_tests.run.judging import judge
from contract_tests.run.options import RECORDED, RunOptions
from contract_tests.run.outcome import Outcome
from mockserver.contract.operations import Contract

ALL_LAWS = RunOptions(profile=RECORDED)
SPAN = 60.0
"""Seconds between the exchanges of a violation, above which other users may have caused it."""
_TOO_LONG = "a fault was seen, but others may have acted between its steps"
_ONCE = "a fault was seen once that the work of others would explain, and cannot be read again"
_OPTION = re.compile(r" was given \(--[a-z-]+\)")
_BUDGET = re.compile(" within this budget")


def judged(
    exchanges: Iterable[Exchange],
    contract: Contract,
    run_options: RunOptions = ALL_LAWS,
    adapter: Adapter | None = None,
) -> Outcome:
    """Return what the laws say of the exchanges, in the order they were sent.

    `adapter` is what the exchanges were sent and read with; without one, it is learnt from them.
    """
    if adapter is None:
        exchanges, adapter = recorded_traffic.read(exchanges, contract.page)
    history = History(contract.page)
    for exchange in exchanges:
        history.add(exchange)
    history.walks.extend(walks(history.pages))
    outcome = Outcome(run_options, history)
    findings = list(map(_of_traffic, judge(history, run_options)))
    outcome.findings = [_weighed(finding, findings, history) for finding in findings]
    outcome.name_differences(adapter)
    if history.exchanges:
        first, last = history.exchanges[0], history.exchanges[-1]
        outcome.started = first.started
        outcome.seconds = max(0.0, last.started + last.elapsed - first.started)
    return outcome


def _of_traffic(finding: Finding) -> Finding:
    """Return a finding whose reason names neither the budget nor the options of a run."""
    if finding.outcome != "not observed":
        return finding
    message = _BUDGET.sub(" in this traffic", _OPTION.sub(" is in this traffic", finding.message))
    return replace(finding, message=message)


def walks(pages: list[Page]) -> list[Walk]:
    """Return the walks over the whole list that the traffic contains."""
    found: list[Walk] = []
    steps: list[Page] = []
    for page in pages:
        steps = [*steps, page] if steps and _follows(steps[-1], page) else [page]
        if _begins(steps[0]) and page.complete and page.reaches_end:
            found.append(Walk(steps[0].number, page.number, whole=True))
            steps = []
    return found


def _begins(page: Page) -> bool:
    return page.query.plain and page.query.page == 1 and not page.query.filters


def _follows(before: Page, page: Page) -> bool:
    one, two = before.query, page.query
    same = (one.per_page, one.sorts, one.filters) == (two.per_page, two.sorts, two.filters)
    return same and two.plain and two.page == one.page + 1


def _weighed(finding: Finding, findings: list[Finding], history: History) -> Finding:
    """Withdraw a violation that other users' changes between the exchanges would explain."""
    if finding.outcome != "violated":
        return finding
    if _span(finding, history) > SPAN:
        return _withdrawn(finding, _TOO_LONG)
    if finding.fragile and _is_rare(finding, findings):
        return _withdrawn(finding, _ONCE)
    return finding


def _span(finding: Finding, history: History) -> float:
    times = [history.exchange(number).started for number in finding.exchanges]
    return max(times, default=0.0) - min(times, default=0.0)


def _is_rare(finding: Finding, findings: list[Finding]) -> bool:
    """True unless the fault was seen more than once, and more often than its absence."""
    same = [f for f in findings if (f.law, f.requirement) == (finding.law, finding.requirement)]
    faults = sum(f.outcome == "violated" for f in same)
    return faults < 2 or faults <= sum(f.outcome == "holds" for f in same)


def _withdrawn(finding: Finding, reason: str) -> Finding:
    return replace(finding, outcome="not observed", message=reason)
