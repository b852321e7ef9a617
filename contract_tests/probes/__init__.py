"""The probes, in the order a run sends them: the most telling requests come first."""

from collections.abc import Iterator

from contract_tests.budget import READING
from contract_tests.order import Order
from contract_tests.plan import PROBES, Phase, chosen
from contract_tests.probes import listing, machine, odd, pairs, threads, writes

_RANK = [
    "first_walk",
    "plain_list",
    "documented_example",
    "lists_of_values",
    "switches",
    "by_activity",
    "strangers",
    "telling_details",
    "first_searches",
    "first_pair",
    "missing_ticket",
    "odd_at_once",
    "other_workspace",
    "beyond",
    "filters_of_all",
    "covering_details",
    "more_searches",
    "filters_halved",
    "sorts_paged",
    "links_followed",
    "pairs",
    "small_walk",
    "more_strangers",
    "heads",
    "methods",
    "odd_ids",
    "odd_names",
    "odd_values",
    "by_lot",
    "last_walk",
    "first_writes",
    "statuses",
    "strangers_write",
    "assignees",
    "invalid_writes",
    "in_a_row",
    "by_model",
]
__all__ = [
    "PROBES",
    "chosen",
    "listing",
    "machine",
    "odd",
    "pairs",
    "planned",
    "threads",
    "writes",
]
PROBES.sort(key=lambda probe: _RANK.index(probe.name))


def planned(order: Order, *, writes: bool) -> Iterator[str]:
    """Yield the requests of a plan in order; what depends on answers stands in braces."""
    phases: tuple[Phase, ...] = ("reading", "closing", "writing")
    for phase in phases if writes else phases[:2]:
        for probe in chosen(order.profile, phase, order.topics()):
            yield from (f"{phase:8} {shown}" for shown in probe.shown)
    limit = READING[order.profile] if order.max_requests is None else order.max_requests
    yield f"At most {limit} requests." if limit else "As many requests as it takes."
