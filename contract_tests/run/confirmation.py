"""Repeats requests before a violation is reported that another user's change could explain."""

from dataclasses import replace

from contract_tests.client.budget import Exhausted
from contract_tests.laws.finding import Finding
from contract_tests.observations.history import History
from contract_tests.probes.explorer import Explorer
from contract_tests.run.judging import judge
from contract_tests.run.options import RunOptions
from contract_tests.run.phase_limits import REREAD_REQUESTS

Key = tuple[str, str]
"""A law and a requirement."""


def confirmed(
    findings: list[Finding], explorer: Explorer, run_options: RunOptions
) -> list[Finding]:
    """Return the findings without the violations that a repeated request does not show again."""
    if not explorer.history.changed_meanwhile:
        return findings
    if explorer.write_session is not None:  # reading alone has reserved requests of its own
        explorer.target.budget.grant(REREAD_REQUESTS[run_options.profile])
    fragile: dict[Key, list[Finding]] = {}
    for finding in findings:
        if finding.fragile:
            fragile.setdefault(_key(finding), []).append(finding)
    chance = {
        key
        for key, found in fragile.items()
        if not any(_is_shown_again(finding, explorer, run_options) for finding in found[:2])
    }
    return [f for f in findings if not f.fragile or _key(f) not in chance]


def _is_shown_again(finding: Finding, explorer: Explorer, run_options: RunOptions) -> bool:
    """Send the last request of a violation again; False also when it may not be sent."""
    request = explorer.history.exchange(finding.exchanges[-1]).request
    try:
        with explorer.target.phase("reading again"):
            exchange = explorer.send(replace(request, purpose="repeated to confirm a violation"))
    except (KeyboardInterrupt, Exhausted):
        return False
    history = History(explorer.history.contract, others=run_options.others)
    history.add(exchange)
    violated = (f for f in judge(history, run_options) if f.outcome == "violated")
    return _key(finding) in map(_key, violated)


def _key(finding: Finding) -> Key:
    return finding.law, finding.requirement
