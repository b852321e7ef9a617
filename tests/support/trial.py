"""Runs of the suite against fake deployments, in process."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from contract_tests.client.target import ClientOptions, Target, Tokens
from contract_tests.laws.finding import Finding
from contract_tests.probes.explorer import Explorer
from contract_tests.run.options import RunOptions
from contract_tests.run.outcome import Outcome
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo_journal import UndoJournal
from mockserver.contract.operations import Contract
from tests.support.fake_deployment import FakeDeployment, Serving

TOKENS = Tokens("jane", other="stranger", readonly="reader")
SETTLE = 1.0
"""Seconds; no fake deployment lags, but one that does not store a change is waited for."""


@cache
def contract() -> Contract:
    return Contract.load().page


def run_options(profile: str = "standard", seed: int = 0, **more: object) -> RunOptions:
    return RunOptions(profile, seed, others=frozenset({"other", "readonly"}), **more)


def run_at(
    url: str,
    wanted: RunOptions,
    folder: Path | None = None,
    generate: Callable[[Explorer, int], None] | None = None,
    tokens: Tokens = TOKENS,
    **more: Any,
) -> Outcome:
    """Run against a URL; with a folder for the undo journal it writes, without it only reads."""
    target = Target(url, tokens, ClientOptions(settle=SETTLE, **more))
    write_session = None if folder is None else WriteSession(UndoJournal.of("fake", folder))
    return Run(target, contract(), wanted, write_session).carry_out(generate)


def run(
    fake: FakeDeployment,
    wanted: RunOptions,
    folder: Path | None = None,
    generate: Callable[[Explorer, int], None] | None = None,
) -> Outcome:
    with Serving(fake) as url:
        return run_at(url, wanted, folder, generate)


def paths_of_no_ticket(ticket: int) -> set[str]:
    """Return the paths without a ticket that a run writes to: a cast would read `ticket` there."""
    return {f"/api/tickets/{name}/status" for name in (f"{2**32 + ticket}", f"{ticket}abc")}


def violations(outcome: Outcome) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.outcome == "violated"]


def said(outcome: Outcome) -> list[tuple[str, str]]:
    return [(finding.requirement, finding.message) for finding in violations(outcome)]


def unreadable(outcome: Outcome) -> list[str]:
    """Laws that stumbled over an answer: on a healthy deployment none may."""
    return [f.message for f in outcome.findings if "could not be read by" in f.message]
