"""Judges what a run observed: every wanted law, applied to the history."""

from collections.abc import Iterable
from dataclasses import replace

from contract_tests.laws import LAWS
from contract_tests.laws.extension.history import ExtensionHistory
from contract_tests.laws.finding import Finding, Law
from contract_tests.laws.requirements import EXTENSION
from contract_tests.observations.history import History
from contract_tests.run.options import RunOptions


def judge(history: History, run_options: RunOptions) -> list[Finding]:
    """Apply every wanted law to what was seen."""
    return [
        finding
        for law in LAWS.values()
        if run_options.wants(law) and _is_about(law, history)
        for finding in _apply(law, history)
        if run_options.keeps(finding.requirement, finding.law)
        and not _may_be_chance(finding, history)
    ]


def _is_about(law: Law, history: History) -> bool:
    """Return whether a law and a history are both of the page, or both of the extension."""
    of_extension = law.requirements[0].startswith(EXTENSION)
    return of_extension is isinstance(history, ExtensionHistory)


def _may_be_chance(finding: Finding, history: History) -> bool:
    """Return whether other users may have caused a violation of the extension.

    For the page, requests are repeated instead before a violation is reported.
    """
    if not isinstance(history, ExtensionHistory) or not history.page.changed_meanwhile:
        return False
    return finding.outcome == "violated" and len(finding.exchanges) > 1


def _apply(law: Law, history: History) -> Iterable[Finding]:
    """Return a law's findings; malformed responses are left to the law of shapes."""
    try:
        return [replace(finding, law=law.name) for finding in law.judge(history)]
    except (TypeError, KeyError, AttributeError, ValueError, StopIteration) as error:
        reason = f"the answers could not be read by {law.name}: {type(error).__name__}: {error}"
        return [Finding(name, "not observed", reason, law=law.name) for name in law.requirements]
