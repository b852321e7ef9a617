"""Notes about responses that are not judged: repeated ones, and those too large to keep."""

from collections.abc import Iterable, Iterator

from contract_tests.client.http.response_limits import MAX_LARGE_BYTES
from contract_tests.observations.exchange import Exchange


def notes(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """Yield a sentence for each kind that occurred."""
    exchanges = list(exchanges)
    repeated = [str(exchange.status) for exchange in exchanges if exchange.repeated]
    if repeated:
        statuses = ", ".join(sorted(set(repeated)))
        yield f"{_count(repeated)} {statuses}, and the request was repeated"
    unread = [exchange for exchange in exchanges if exchange.unread]
    if unread:
        limit = f"{MAX_LARGE_BYTES / 1e6:g} MB"
        yield (
            f"{_count(unread)} over 1 MB, and not judged: "
            f"large responses take at most {limit} of memory"
        )


def _count(found: list[str] | list[Exchange]) -> str:
    return "1 response was" if len(found) == 1 else f"{len(found)} responses were"
