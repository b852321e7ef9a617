"""The verdict of a run: violated, interrupted, inconclusive or conforming."""

from collections.abc import Iterable
from typing import Any

from contract_tests.run.options import RECORDED

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


def verdict(
    *, fails: bool, interrupted: bool, core_not_observed: list[str], cut_off: bool = False
) -> str:
    """Return violated, interrupted, inconclusive or conforming, the first that applies.

    A run that was `cut_off` by the deployment is not conforming, whatever it observed before.
    """
    if fails:
        return "violated"
    if interrupted:
        return "interrupted"
    return "inconclusive" if core_not_observed or cut_off else "conforming"
