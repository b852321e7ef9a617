"""Notes of a run: what was observed of a deployment and is no fault of its API."""

from collections.abc import Iterator

from contract_tests.client.target import Target
from contract_tests.writes.list_lag import ListLag


def observations(target: Target, lag: ListLag) -> Iterator[str]:
    """Yield what had to be repeated, and how long lists were behind writes."""
    repeated = [str(exchange.status) for exchange in target.journal if exchange.repeated]
    if repeated:
        statuses = ", ".join(sorted(set(repeated)))
        yield f"{len(repeated)} requests were repeated because the answer was {statuses}"
    if lag.seconds:
        yield f"lists lag {lag.seconds:.1f} s behind writes"
    if not lag.settles:
        yield f"lists did not show a write within {target.settle:g} s (--settle)"
