"""The requests that --plan prints."""

from collections.abc import Iterator

from contract_tests.client.budget import READING
from contract_tests.probes import chosen, plan
from contract_tests.run.options import RunOptions


def planned(order: RunOptions, *, writes: bool) -> Iterator[str]:
    """Yield the requests of a plan in order; what depends on answers stands in braces."""
    phases: tuple[plan.Phase, ...] = ("reading", "closing", "writing")
    for phase in phases if writes else phases[:2]:
        for probe in chosen(order.profile, phase, order.topics()):
            yield from (f"{phase:8} {shown}" for shown in probe.shown)
    limit = READING[order.profile] if order.max_requests is None else order.max_requests
    yield f"At most {limit} requests." if limit else "As many requests as it takes."
