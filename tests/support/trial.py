"""Runs of the suite against stand-ins, in process."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from contract_tests.budget import Budget, Pace
from contract_tests.desk import Desk
from contract_tests.order import Order
from contract_tests.run import Outcome, Run
from contract_tests.scout import Scout
from contract_tests.target import Manner, Target, Tokens
from contract_tests.undo import UndoJournal
from contract_tests.verdict import Finding
from mockserver.contract.operations import Contract
from tests.support.standin import Serving, Standin

TOKENS = Tokens("jane", other="stranger", readonly="reader")


@cache
def contract() -> Contract:
    return Contract.load()


def order(profile: str = "standard", seed: int = 0, **more: object) -> Order:
    return Order(profile, seed, others=frozenset({"other", "readonly"}), **more)


def run_at(
    url: str,
    wanted: Order,
    folder: Path | None = None,
    generate: Callable[[Scout, int], None] | None = None,
) -> Outcome:
    """Run against a URL; with a folder for the undo journal it writes, without it only reads."""
    target = Target(url, TOKENS, Manner(Budget(), Pace()))
    desk = None if folder is None else Desk(UndoJournal.of("stand-in", folder))
    return Run(target, contract(), wanted, desk).carry_out(generate)


def run(
    standin: Standin,
    wanted: Order,
    folder: Path | None = None,
    generate: Callable[[Scout, int], None] | None = None,
) -> Outcome:
    with Serving(standin) as url:
        return run_at(url, wanted, folder, generate)


def violations(outcome: Outcome) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.outcome == "violated"]


def said(outcome: Outcome) -> list[tuple[str, str]]:
    return [(finding.requirement, finding.message) for finding in violations(outcome)]


def unreadable(outcome: Outcome) -> list[str]:
    """Laws that stumbled over an answer: on a healthy deployment none may."""
    return [f.message for f in outcome.findings if "could not be read by" in f.message]
