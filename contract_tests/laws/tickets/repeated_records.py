"""Repeated records: a channel, person or tag that one answer shows several times is the same."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row, has_id

_COMPARED = {
    "channel": ("name", "type", "color"),
    "assignee": ("name", "email", "timezone"),
    "contact": ("name", "email"),
    "tags": ("name", "color"),
}
"""What is compared of each record; both names of one, the law of identity compares."""


@law(*(f"ticket.{name}" for name in _COMPARED))
def alike_in_one_answer(history: History) -> Iterator[Finding]:
    """One answer is one moment: nobody renames a person between two of its rows."""
    for page in history.pages:
        for name in _COMPARED:
            first: dict[Any, Row] = {}
            faces = [(row, record, first.setdefault(record["id"], record))
                     for row, record in _records(page, name)]  # fmt: skip
            odd = ((*face, part) for face in faces if (part := _difference(name, *face[1:])))
            for row, record, _, part in islice(odd, 1):
                message = f"{part} of {name} {record['id']} is another than in a row before"
                yield violated(f"ticket.{name}", f"ticket {row['id']}: {message}", page.exchange)
                break
            else:
                if len(faces) > len(first):
                    yield holds(f"ticket.{name}", page.exchange)


def _records(page: Page, name: str) -> Iterator[tuple[Row, Row]]:
    """Yield each row with the records that it shows under a name."""
    for row in page.rows:
        node = row.get(name)
        for record in node if isinstance(node, list) else [node]:
            if has_id(record):
                yield row, record


def _difference(name: str, record: Row, first: Row) -> str:
    """Return in what a record differs from the first one of its id; "" if in nothing.

    The address of a picture may be signed anew each time, but there is one or there is none.
    """
    different = (part for part in _COMPARED[name] if record.get(part) != first.get(part))
    same_picture = bool(record.get("avatar_url")) == bool(first.get("avatar_url"))
    return next(different, "" if same_picture else "avatar_url")
