"""The verdict of a run: violated, interrupted, inconclusive or conforming."""

from collections.abc import Iterable
from typing import Any

from contract_tests.run.options import RECORDED
from contract_tests.run.outcome import INTERRUPTED

Node = dict[str, Any]
_CORE = ("access.accepted", "list.answer", "detail.answer")
"""What a run must have observed to be conforming."""
_RECORDED_CORE = ("list.answer", "detail.answer", "update.answer")
"""Of these, recorded traffic must contain one."""


def core_not_observed(statements: Iterable[Node], *, profile: str, tickets: bool) -> list[str]:
    """Return the statements without which a run says nothing about the deployment.

    `tickets` says whether any ticket was seen: where there is none, no detail can be asked for.
    A run that was limited to other statements must have observed one of these.
    """
    observed = {s["id"]: s["outcome"] != "not observed" for s in statements}
    recorded = profile == RECORDED
    core = [name for name in (_RECORDED_CORE if recorded else _CORE) if name in observed]
    if recorded or not core:  # one of several is enough
        alternatives = core or list(observed)
        return [] if any(observed[name] for name in alternatives) else alternatives
    return [name for name in core if not observed[name] and (tickets or name != "detail.answer")]


def verdict(record: Node) -> str:
    """Return violated, interrupted, inconclusive or conforming, the first that applies.

    A run that the deployment cut off is not conforming, whatever it observed before.
    """
    run = record["run"]
    if any(violation["severity"] == "fail" for violation in record["violations"]):
        return "violated"
    if run["stopped"] == INTERRUPTED:
        return "interrupted"
    return "inconclusive" if record["core_not_observed"] or run["cut_off"] else "conforming"
