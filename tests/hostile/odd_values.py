"""Pages of tickets whose fields have the wrong type, or values at the edge of their type."""

from itertools import cycle
from typing import Any

from tests.hostile.json_bodies import VIOLATED, Node, changed
from tests.hostile.server import Way

_ROW: dict[str, list[Any]] = {
    "id": [None, "7", 1.5, True, -1, 10**30, [1], {"a": 1}],
    "ulid": [None, 7, "", "../../admin", "%2e%2e%2f", "x" * 10_000],
    "subject": [None, 7, [], {"a": 1}],
    "status": [None, 7, "OPEN", ["open"]],
    "created_at": [None, 0, "", "2026-13-45T99:00:00+00:00", "0001-01-01T00:00:00+23:59"],
    "updated_at": ["9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00", 1e300],
    "contact": [None, [], "jane", {"id": []}],
    "assignee": [[], "jane", {"id": "x"}, {"name": None}],
    "tags": [None, {}, "x", [None], [{"name": 7}]],
}
_PAGE: dict[str, list[Any]] = {
    "data": [None, {}, "x", [None], [1], [[]]],
    "meta": [None, [], "x", {"current_page": "x"}, {"total": -1, "per_page": 0}],
    "links": [None, [], "x", {"next": 7}, {"next": "http://["}, {"next": "?page=x"}],
}


def _row(field: str) -> Way:
    """Return a way in which the tickets of a page have one odd value each."""
    values = _ROW[field]

    def change(page: Node) -> None:
        for number, row in enumerate(page["data"]):
            row[field] = values[number % len(values)]

    return Way(f"odd values of {field}", changed(change), 1, VIOLATED)


def _page(field: str) -> Way:
    """Return a way in which each page has the next odd value."""
    values = cycle(_PAGE[field])
    change = changed(lambda page: page.update({field: next(values)}))
    return Way(f"odd values of {field} of the page", change, 1, VIOLATED)


WAYS = [*map(_row, _ROW), *map(_page, _PAGE)]
