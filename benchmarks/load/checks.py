"""Checks of a contender's answers against the dataset, before it is measured."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import requests

from benchmarks.contenders.dialect import Call, Documented
from benchmarks.dataset.dataset import TOKEN, Dataset, Query, Ticket

PRIVATE_TOKEN = f"{TOKEN}@elsewhere"

Check = Callable[["Caller"], None]

CHECKS: dict[str, Check] = {}


class Wrong(Exception):
    """A wrong answer."""


class Caller:
    """Calls a contender in its dialect, with the dataset that it must answer from."""

    def __init__(self, url: str, dialect: Documented, dataset: Dataset) -> None:
        self.dialect = dialect
        self.dataset = dataset
        self.url = url
        self._session = requests.Session()

    def send(self, call: Call, token: str | None = TOKEN, status: int = 200) -> requests.Response:
        """Return the reply; raises Wrong when it has another status."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        reply = self._session.request(
            call.method, self.url + call.path, json=call.body, headers=headers, timeout=30
        )
        if reply.status_code != status:
            raise Wrong(f"{reply.status_code} instead of {status}")
        return reply

    def rows(self, query: Query) -> list[Ticket]:
        return self.dialect.page(self.send(self.dialect.listing(query))).tickets

    def total(self, query: Query) -> int | None:
        return self.dialect.page(self.send(self.dialect.listing(query))).total

    def ticket(self, id: int, token: str = TOKEN) -> Ticket:
        return self.dialect.ticket(self.send(self.dialect.detail(id), token))

    def expect_page(self, query: Query, call: Call | None = None) -> None:
        """Raise Wrong unless the page has the right tickets in the right order.

        `call` is the request, by default that of the query. Tickets with equal sort keys may
        be in any order: the contract documents none.
        """
        key = query.sort.removeprefix("-")
        reply = self.send(call or self.dialect.listing(query))
        ids = [int(ticket["id"]) for ticket in self.dialect.page(reply).tickets]
        unexpected = sorted(set(ids) - set(self.dataset.found(query)))
        if unexpected:
            raise Wrong(f"{len(unexpected)} that do not match, such as ticket {unexpected[0]}")
        if len(set(ids)) != len(ids):
            raise Wrong("a ticket is listed twice")
        expected = self.dataset.page(query)
        _same("number of tickets", len(ids), len(expected))
        if self._keys(ids, key) != self._keys(expected, key):
            raise Wrong(f"not the page that {query.sort} gives")

    def _keys(self, ids: Iterable[int], key: str) -> list[str]:
        return [self.dataset.by_id[id][key] for id in ids]

    @contextmanager
    def closed(self) -> Iterator[int]:
        """Close an open ticket within the block; yield its id."""
        id = self.dataset.found(Query(statuses=("open",)))[0]
        self.send(self.dialect.change(id, "closed"))
        try:
            yield id
        finally:
            self.send(self.dialect.change(id, "open"))


def wrong_answers(caller: Caller) -> dict[str, str]:
    """Return the failed checks, each with its message."""
    seen = {name: _complaint(check, caller) for name, check in CHECKS.items()}
    return {name: complaint for name, complaint in seen.items() if complaint}


def _complaint(check: Check, caller: Caller) -> str | None:
    try:
        check(caller)
    except Wrong as wrong:
        return str(wrong)
    except requests.RequestException as error:
        return f"no answer: {type(error).__name__}"
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"unreadable: {type(error).__name__} {error}"
    return None


def _check(name: str) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return register


@_check("list, newest first")
def _list(caller: Caller) -> None:
    caller.expect_page(Query(), caller.dialect.newest())
    expected = {ticket["id"]: ticket for ticket in caller.dataset.items}
    for ticket in caller.rows(Query()):
        _holds(ticket, expected[int(ticket["id"])])


@_check("second page of ten")
def _paging(caller: Caller) -> None:
    caller.expect_page(Query(size=10, page=2))


@_check("total")
def _total(caller: Caller) -> None:
    _same("total", caller.total(Query()), len(caller.dataset))


@_check("filter by status")
def _filter(caller: Caller) -> None:
    caller.expect_page(Query(statuses=("open",)))
    caller.expect_page(Query(statuses=("closed",)))


@_check("total of what the filter leaves")
def _filtered_total(caller: Caller) -> None:
    query = Query(statuses=("open",))
    _same("total", caller.total(query), len(caller.dataset.found(query)))


@_check("filter by assignee")
def _mine(caller: Caller) -> None:
    caller.expect_page(Query(mine=True))


@_check("two filters at once")
def _two_filters(caller: Caller) -> None:
    caller.expect_page(Query(statuses=("open",), channel=1))


@_check("search")
def _search(caller: Caller) -> None:
    caller.expect_page(Query(search=caller.dataset.word))


@_check("sort")
def _sort(caller: Caller) -> None:
    caller.expect_page(Query(sort="created_at"))
    caller.expect_page(Query(sort="-created_at"))


@_check("detail with its messages")
def _detail(caller: Caller) -> None:
    for id in (caller.dataset.found(Query())[0], caller.dataset.found(Query())[-1]):
        _holds(caller.ticket(id), caller.dataset.by_id[id])


@_check("404 for a missing ticket")
def _missing(caller: Caller) -> None:
    caller.ticket(caller.dataset.found(Query())[0])
    caller.send(caller.dialect.detail(987_654_321), status=404)


@_check("401 without a token")
def _anonymous(caller: Caller) -> None:
    caller.send(caller.dialect.listing(Query()), token=None, status=401)


@_check("422 for a bad status")
def _invalid(caller: Caller) -> None:
    id = caller.dataset.found(Query(statuses=("open",)))[0]
    try:
        caller.send(caller.dialect.change(id, "resolved"), status=422)
    except Wrong:
        caller.send(caller.dialect.change(id, "open"))  # later checks expect it open
        raise


@_check("400 for an unknown filter")
def _unknown(caller: Caller) -> None:
    caller.send(caller.dialect.unknown_filter(), status=400)


@_check("a change shows in detail and filter")
def _remembered(caller: Caller) -> None:
    with caller.closed() as id:
        _same("status in the detail", caller.ticket(id)["status"], "closed")
        everything = Query(size=100)
        for status, shown in (("closed", True), ("open", False)):
            rows = caller.rows(replace(everything, statuses=(status,)))
            _same(f"among the {status}", id in {int(row["id"]) for row in rows}, shown)


@_check("a change stays in its private world")
def _private(caller: Caller) -> None:
    with caller.closed() as id:
        _same("status here", caller.ticket(id)["status"], "closed")
        _same("status elsewhere", caller.ticket(id, PRIVATE_TOKEN)["status"], "open")


def _same(what: str, seen: object, expected: object) -> None:
    if seen != expected:
        raise Wrong(f"{what}: {_short(seen)} instead of {_short(expected)}")


def _holds(seen: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Raise Wrong unless `seen` has every field of `expected`; ids may be text, fields more."""
    for name, value in expected.items():
        if name not in seen:
            raise Wrong(f"{name} is missing")
        _agree(name, seen[name], value)


def _agree(name: str, seen: Any, expected: Any) -> None:
    if isinstance(expected, dict) and isinstance(seen, dict):
        _holds(seen, expected)
    elif isinstance(expected, list) and isinstance(seen, list):
        _same(f"number of {name}", len(seen), len(expected))
        for left, right in zip(seen, expected, strict=True):
            _agree(name, left, right)
    elif name == "id":
        _same(name, str(seen), str(expected))
    else:
        _same(name, seen, expected)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
