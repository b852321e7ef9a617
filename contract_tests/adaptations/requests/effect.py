"""Which parameters of a list request had no effect: the answer is as if they had not been sent."""

from collections.abc import Iterator

from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.filter_semantics import Reading, meets
from contract_tests.observations.ticket import Row, has_id, ids_of, is_integer

_FILTERS = ("filter[channel_ids]", "filter[tag_ids]")
_MINE = "filter[assigned_to_me]"


def ignored(exchange: Exchange) -> list[str]:
    """Return the parameters of several words that the answer contradicts.

    The values of the request must have a documented meaning.
    """
    request, document = exchange.request, exchange.document
    if request.path != LIST_PATH or exchange.status != 200 or not isinstance(document, dict):
        return []
    data = document.get("data")
    rows = [row for row in data if has_id(row)] if isinstance(data, list) else []
    meta = document.get("meta")
    size = meta.get("per_page") if isinstance(meta, dict) else None
    return list(_ignored(request.parameters, rows, size))


def _ignored(given: dict[str, str], rows: list[Row], size: object) -> Iterator[str]:
    if "per_page" in given and is_integer(size) and str(size) != given["per_page"]:
        yield "per_page"
    for name in _FILTERS:
        if name in given and any(_is_left_out(name, given[name], row) for row in rows):
            yield name
    if given.get(_MINE) == "true":
        people = [list(ids_of(row, "assignee")) for row in rows if "assignee" in row]
        if any(found != people[0] or not found for found in people):
            yield _MINE


def _is_left_out(name: str, value: str, row: Row) -> bool:
    return meets(name, value, row, None, Reading()) is False
