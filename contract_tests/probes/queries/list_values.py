"""List values: several items, and items next to what is documented."""

from collections.abc import Iterator
from typing import Any

from contract_tests.observations.exchange import LIST_PATH, get
from contract_tests.observations.filter_semantics import spell
from contract_tests.observations.ticket import Row, ids_of
from contract_tests.probes.access import foreign_ids
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.lists import LISTS
from contract_tests.probes.plan import probe

_LIST = "GET /api/tickets"
ABSENT = 987_654_321
"""An id that no channel and no tag has."""
_ABSENT_STATUS = "pending"
_FORMS = (
    ("{value},, {absent}", "{value},"),
    ("{value},", "{absent}, {value}"),
    ("{absent}, {value}", "{value},,{value}"),
    ("{value},,{value}", ",{value}"),
    ("", "{value},{absent}"),
)
"""How a status and an id are sent together; the last one, without a status, is documented."""
_FIELDS = {"channel_ids": "channel", "tag_ids": "tags"}


@probe(
    f"{_LIST}?filter[status]={{all three, one of them twice}}&filter[channel_ids]={{three}}, "
    "encoded",
    f"{_LIST}?filter[tag_ids]={{three, one of them twice, and one that does not exist}}",
    topics=LISTS,
    between=False,
)
def longer_lists(explorer: Explorer) -> None:
    channels, tags = list(explorer.counts("channel"))[:3], list(explorer.counts("tags"))[:3]
    every = {"status": "spam,open,closed,spam", "channel_ids": channels[::-1]}
    query = spell({**_given(every), "sort": "created_at", "per_page": 100})
    explorer.ask(get(LIST_PATH, query, "three of each, encoded", encoded=True))
    if tags and explorer.profile != "quick":
        more: dict[str, Any] = {"tag_ids": [*tags[::-1], tags[-1], ABSENT], "sort": "-created_at"}
        explorer.list_tickets("three tags, one twice, and one more", **more, per_page=100)


@probe(
    f"{_LIST}?filter[status]={{one, and an unknown one}}&filter[channel_ids]={{one}},",
    "the same with tags, with blanks, with commas too many",
    topics=LISTS,
)
def odd_items(explorer: Explorer) -> None:
    """An item that means nothing is refused or adds no ticket; it takes no other item along."""
    pairs = {name: _common_and_rare(explorer, name) for name in _FIELDS}
    known = [(name, found) for name, found in pairs.items() if found is not None]
    forms = _FORMS[:1] if explorer.profile == "quick" else _FORMS
    for number, (of_status, of_id) in enumerate(forms) if known else ():
        name, (common, status) = known[number % len(known)]
        ids = of_id.format(value=common, absent=ABSENT)
        if number == 0:  # what is no item of ours may be one of the other workspace
            ids += ",".join(map(str, foreign_ids(explorer, _FIELDS[name])[:1]))
        values: dict[str, Any] = {
            "status": of_status.format(value=status, absent=_ABSENT_STATUS),
            name: ids,
        }
        explorer.list_tickets("items next to documented ones", **_given(values), per_page=100)


@probe(
    f"{_LIST}?filter[channel_ids]={{one that does not exist}}",
    f"{_LIST}?filter[tag_ids]={{one that does not exist}}",
    f"{_LIST}?filter[unassigned]=0&filter[assigned_to_me]=0&sort=created_at&per_page=100",
    since="standard",
    topics=LISTS,
)
def odd_alone(explorer: Explorer) -> None:
    for name in _FIELDS:
        absent: dict[str, Any] = {name: [ABSENT]}
        explorer.list_tickets("an id that does not exist", **absent, per_page=100)
    off: dict[str, Any] = {"unassigned": "0", "assigned_to_me": "0"}
    explorer.list_tickets("both switched off by 0", **off, sort="created_at", per_page=100)


def _common_and_rare(explorer: Explorer, name: str) -> tuple[int, str] | None:
    """Return the commonest id of a filter, and the rarest status among its tickets.

    Many tickets of the id then have another status, so that a lost status filter shows.
    """
    for common in list(explorer.counts(_FIELDS[name]))[:1]:
        statuses = [str(row.get("status")) for row in _owners(explorer, name, common)]
        return common, min(sorted(set(statuses)), key=statuses.count)
    return None


def _owners(explorer: Explorer, name: str, wanted: int) -> Iterator[Row]:
    return (row for row in explorer.rows() if wanted in ids_of(row, _FIELDS[name]))


def _given(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value}
