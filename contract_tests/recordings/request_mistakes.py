"""The mistakes of an app: what it sends that the contract does not document."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from contract_tests.observations.exchange import Exchange
from mockserver.contract.choices import Choices
from mockserver.contract.operations import Contract
from mockserver.contract.request_check import Request, RequestValidator, generic

SHOWN = 20


def mistakes(exchanges: Iterable[Exchange], contract: Contract) -> Iterator[str]:
    """Yield each mistake once, with the number of requests that make it and the first of them."""
    # The deployment answers whether it takes ULIDs; what the page says of ids is judged elsewhere.
    validator = RequestValidator(contract, Choices(path_id="either"))
    numbers: dict[str, list[int]] = {}
    for exchange in exchanges:
        for words in validator.validate(_request(exchange)).hints:
            line = f"{exchange.request.method} {generic(exchange.request.path)}: {words}"
            numbers.setdefault(line, []).append(exchange.number)
    for line, found in list(numbers.items())[:SHOWN]:
        times = f"{len(found)} times, first in " if len(found) > 1 else ""
        yield f"a mistake of the app: {line} ({times}#{found[0]})"
    if len(numbers) > SHOWN:
        yield f"and {len(numbers) - SHOWN} more mistakes of the app"


def _request(exchange: Exchange) -> Request:
    request = exchange.request
    return Request(
        method=request.method,
        path=request.path,
        query=urlencode(request.query),
        media_type=request.content_type.partition(";")[0].strip().lower(),
        body=(request.body or b"").decode("utf-8", "replace"),
    )
