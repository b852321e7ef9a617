"""Identity: a ULID names one ticket, contact or tag, and an id always comes with the same ULID."""

from collections.abc import Iterator
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row


@law("ticket.ulid", "ticket.contact", "ticket.tags")
def one_ulid_each(history: History) -> Iterator[Finding]:
    """Followed over every list and every ticket of the run: a copied record keeps its id apart."""
    seen: dict[tuple[str, str, Any], tuple[Any, int]] = {}
    last: dict[str, int] = {}
    broken: set[str] = set()
    for number, row in _rows(history):
        for kind, requirement, record in _records(row):
            last[requirement] = number
            message, earlier = _contradiction(seen, kind, record, number)
            if message and requirement not in broken:
                broken.add(requirement)
                exchanges = (history.exchange(earlier), history.exchange(number))
                yield violated(requirement, message, *exchanges)
    for requirement in last.keys() - broken:
        yield holds(requirement, history.exchange(last[requirement]))


def _rows(history: History) -> Iterator[tuple[int, Row]]:
    """Yield each different row once; equal rows are one object."""
    known: set[int] = set()
    for observations in history.observations.values():
        for observation in observations:
            if id(observation.row) not in known:
                known.add(id(observation.row))
                yield observation.number, observation.row


def _records(row: Row) -> Iterator[tuple[str, str, Row]]:
    """Yield what in a row has both names: the ticket, its contact and its tags."""
    tags = row.get("tags")
    found = [("ticket", "ticket.ulid", row), ("contact", "ticket.contact", row.get("contact"))]
    found += [("tag", "ticket.tags", tag) for tag in (tags if isinstance(tags, list) else [])]
    for kind, requirement, record in found:
        if isinstance(record, dict) and _is_named(record):
            yield kind, requirement, record


def _is_named(record: Row) -> bool:
    return isinstance(record.get("id"), int) and isinstance(record.get("ulid"), str)


def _contradiction(
    seen: dict[tuple[str, str, Any], tuple[Any, int]], kind: str, record: Row, number: int
) -> tuple[str, int]:
    """Remember both names of a record; say which other one it was seen with before, and where."""
    id_, ulid = record["id"], record["ulid"].lower()
    other, earlier = seen.setdefault((kind, "ulid", ulid), (id_, number))
    if other != id_:
        return f"{kind}s {other} and {id_} have one ulid, {record['ulid']}", earlier
    other, earlier = seen.setdefault((kind, "id", id_), (ulid, number))
    if other != ulid:
        return f"{kind} {id_} has another ulid than before", earlier
    return "", number
