"""The probes, in the order a run sends them: the most telling requests come first."""

from contract_tests.plan import PROBES, chosen
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
PROBES.sort(key=lambda probe: _RANK.index(probe.name))

__all__ = ["PROBES", "chosen", "listing", "machine", "odd", "pairs", "threads", "writes"]
