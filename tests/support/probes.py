"""Requests that planted defects are looked for with, alike for an honest app and a liar."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import orjson
from werkzeug.test import EnvironBuilder, run_wsgi_app

API = "/api/tickets"
NOWHERE = 9_999_999

_HEADERS = ("Content-Type", "Location", "ETag", "Last-Modified", "Cache-Control")
"""Headers that a defect may change."""


@dataclass(frozen=True)
class Seen:
    """One exchange: who asked for what, and what came back."""

    operation: str
    request: dict[str, Any]
    world: str
    query: dict[str, str]
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def answer(self) -> tuple[int, dict[str, str], bytes]:
        return self.status, self.headers, self.body

    @property
    def json(self) -> Any:
        """The body, None if it is not JSON."""
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(self.body)
        return None


@dataclass
class Caller:
    """A user in a private world; remembers every exchange in order."""

    app: Any
    world: str
    seen: list[Seen] = field(default_factory=list)

    def list(self, token: str | None = "jane", **query: Any) -> Any:
        return self.ask("listTickets", "GET", API, token, query=query)

    def detail(self, id: Any, token: str | None = "jane") -> Any:
        return self.ask("getTicket", "GET", f"{API}/{id}", token)

    def status(self, id: Any, status: str, token: str | None = "jane") -> Any:
        return self.write("status", id, {"status": status}, token)

    def assignee(self, id: Any, user: int | None, token: str | None = "jane") -> Any:
        return self.write("assignee", id, {"user_id": user}, token)

    def write(
        self, noun: str, id: Any, body: Any = None, token: str | None = "jane", **raw: Any
    ) -> Any:
        sent = raw or {"json": body}
        operation = f"updateTicket{noun.title()}"
        return self.ask(operation, "PUT", f"{API}/{id}/{noun}", token, **sent)

    def ask(
        self,
        operation: str,
        method: str,
        path: str,
        token: str | None = "jane",
        query: dict[str, Any] | None = None,
        **sent: Any,
    ) -> Any:
        scheme = "" if token is None else token if " " in token else f"Bearer {token}@{self.world}"
        environ = EnvironBuilder(
            path,
            method=method,
            headers={"Authorization": scheme} if token is not None else {},
            query_string=urlencode(query) if query else None,
            **sent,
        ).get_environ()
        chunks, status, received = run_wsgi_app(self.app, environ, buffered=True)
        body = b"".join(chunks)
        again = {"operation": operation, "method": method, "path": path, "token": token}
        again |= {"query": query, **sent}
        headers = {name: received.get(name, "") for name in _HEADERS}
        length = int(received.get("Content-Length", 0))
        assert method == "HEAD" or length == len(body)
        world = self.world if token is not None and " " not in token else ""
        given = {name: str(value) for name, value in (query or {}).items()}
        seen = Seen(operation, again, world, given, int(status.split()[0]), headers, body)
        self.seen.append(seen)
        return seen.json


OF_OTHER_WORKSPACE = 9
"""A user with tickets in the other workspace of the world that the probes know."""


@dataclass(frozen=True)
class Facts:
    """What an honest app's seed holds: what is worth asking for."""

    details: list[dict[str, Any]]
    foreign: int
    me: int

    @classmethod
    def of(cls, app: Any) -> "Facts":
        jane = Caller(app, "facts")
        rows: list[dict[str, Any]] = []
        for page in range(1, 100):
            found = jane.list(per_page=100, page=page)["data"]
            rows += found
            if not found:
                break
        details = [jane.detail(row["id"])["ticket"] for row in rows]
        mine = jane.list(**{"filter[assigned_to_me]": "true"})["data"]
        foreign = jane.list("other")["data"]
        return cls(details, foreign=foreign[0]["id"], me=mine[0]["assignee"]["id"])

    @property
    def ids(self) -> list[int]:
        return [ticket["id"] for ticket in self.details]

    def first(self, fits: Callable[[dict[str, Any]], Any], count: int = 1) -> list[int]:
        return [ticket["id"] for ticket in islice(filter(fits, self.details), count)]

    def common(self, values: Callable[[dict[str, Any]], Iterable[Any]]) -> list[Any]:
        """Return values of the tickets, the most common first."""
        counted = Counter(value for ticket in self.details for value in values(ticket))
        return [value for value, _ in counted.most_common()]

    @property
    def tags(self) -> list[int]:
        return self.common(_tag_ids)

    @property
    def channels(self) -> list[int]:
        return self.common(lambda ticket: [ticket["channel"]["id"]])

    @property
    def users(self) -> list[int]:
        return self.common(lambda ticket: [ticket["assignee"]["id"]] if ticket["assignee"] else [])

    def words(self) -> Iterator[str]:
        """Yield words of subjects, and of first, middle and last messages."""
        threads = [ticket for ticket in self.details if len(ticket["messages"]) > 2][:4]
        for ticket in threads:
            texts = [ticket["subject"], *(each["body_html"] for each in ticket["messages"][:4])]
            yield from (_longest_word(text) for text in texts)


def pages(jane: Caller, facts: Facts) -> None:
    for query in ({}, {"per_page": 100}, {"per_page": 25}, {"per_page": 50}, {"per_page": 40}):
        for page in range(1, 10):
            jane.list(**query, page=page)
    for size in (1, 7, 10, 15, 60, 101, 150, 1000):
        jane.list(per_page=size)
        jane.list(per_page=size, page=2)
    for size in (7, 25):
        jane.list(per_page=size, **{"filter[status]": "closed"})
        jane.list(per_page=size, page=2, **{"filter[status]": "closed"})


def details(jane: Caller, facts: Facts) -> None:
    for page in (1, 2, 3):
        jane.list(per_page=100, page=page)
    with_files = facts.first(lambda ticket: _most_files(ticket) > 1, 2)
    for id in [*facts.ids[::2], *with_files, facts.ids[0]]:
        jane.detail(id)


def forms(jane: Caller, facts: Facts) -> None:
    """Look at every ticket in lists, and at a quarter of them in detail."""
    for page in (1, 2, 3):
        jane.list(per_page=80, page=page)
    for id in facts.ids[::4]:
        jane.detail(id)


def missing(jane: Caller, facts: Facts) -> None:
    first = facts.ids[0]
    for id in (NOWHERE, facts.foreign, f"{first}abc", "abc", 0, -1, 2**40, 2**70, "1.5"):
        jane.detail(id)
    jane.ask("", "GET", "/api/nowhere")
    jane.ask("", "POST", f"{API}/{first}")
    jane.ask("", "GET", f"{API}/{first}/status")


def sorts(jane: Caller, facts: Facts) -> None:
    for key in ("created_at", "updated_at", "last_activity_at"):
        for sort in (key, f"-{key}"):
            jane.list(sort=sort, per_page=100)
            jane.list(sort=sort, per_page=30, page=2)
            jane.list(sort=sort, **{"filter[status]": "open"})
            jane.list(sort=sort, **{"filter[search]": "the"})
    jane.list()
    jane.list(page=2)


def filters(jane: Caller, facts: Facts) -> None:
    tags, channels = facts.tags, facts.channels
    together = next(ids for ids in map(_tag_ids, facts.details) if len(ids) == 2)
    queries: dict[str, list[Any]] = {
        "status": ["open", "closed", "spam", "open,closed", "closed,spam", "spam,open"],
        "channel_ids": [*channels, _joined(channels[:2]), _joined(channels[2:4])],
        "tag_ids": [*tags[:6], 1, _joined(tags[:2]), _joined(tags[2:5]), _joined(together)],
        "assigned_to_me": ["true", "false"],
        "unassigned": ["true", "false"],
    }
    for name, values in queries.items():
        for value in values:
            jane.list(per_page=100, **{f"filter[{name}]": value})
            jane.list(per_page=5, page=2, **{f"filter[{name}]": value})
    _combined(jane, tags, channels)
    for _ in range(20):
        jane.list(**{"filter[status]": "open"})


def _combined(jane: Caller, tags: list[int], channels: list[int]) -> None:
    status, channel, tag = ({"filter[status]": "closed"}, {"filter[channel_ids]": channels[0]},
                            {"filter[tag_ids]": tags[0]})  # fmt: skip
    search, unassigned = {"filter[search]": "the"}, {"filter[unassigned]": "true"}
    for pair in (status | channel, channel | status, status | search, unassigned | status):
        jane.list(per_page=100, **pair)
    for more in (tag | channel, tag | status | channel, search | channel | status):
        jane.list(per_page=100, **more)
    jane.list(sort="-created_at", **channel)
    jane.list(sort="-created_at", page=2, **channel)


def searches(jane: Caller, facts: Facts) -> None:
    for word in [*facts.words(), "the", "my", "0", "2", "2026", "reset my password", "é", "ü"]:
        jane.list(per_page=100, **{"filter[search]": word})
    for term in ("%", "_", "p%d", "pass_ord", "the", "a", "PASSWORD"):
        jane.list(per_page=100, **{"filter[search]": term})
        jane.list(per_page=5, page=2, **{"filter[search]": term})


def odd(jane: Caller, facts: Facts) -> None:
    """Ask for what is no valid input, with valid requests between."""
    for name, values in {
        "per_page": ["0", "-1", "ten", "101", "2.5", ""],
        "page": ["0", "-1", "two", "99", "9" * 12, ""],
        "sort": ["", "name", "-subject", "created_at,updated_at"],
        "filter[status]": ["", "Open", "archived", "open,archived"],
        "filter[channel_ids]": ["x", "1,x", "999999", ""],
        "filter[tag_ids]": ["9" * 10, "1,,2", "1,", "x"],
        "filter[assigned_to_me]": ["maybe", "1", "0", ""],
        "filter[search]": ["it's", "\\", "100%", "👍", "word " * 60, "x" * 2500, "1"],
        "filter[nothing]": ["1"],
    }.items():
        for value in values:
            jane.list(**{name: value})
    jane.ask("listTickets", "GET", f"{API}?page=1&page=2")
    jane.list()


def refusals(jane: Caller, facts: Facts) -> None:
    """Send bodies that are invalid, to an assigned and an unassigned ticket."""
    ids = facts.first(_assigned) + facts.first(lambda ticket: not _assigned(ticket))
    for id in ids:
        for value in ("archived", "", None, 5, ["open"]):
            jane.write("status", id, {"status": value})
            jane.detail(id)
        for user in ("somebody", 123_456, ["5"], OF_OTHER_WORKSPACE):
            jane.write("assignee", id, {"user_id": user})
            jane.detail(id)
        for noun in ("status", "assignee"):
            jane.write(noun, id, {})
            jane.write(noun, id, [1])
            jane.write(noun, id, data=b"", content_type="application/json")
            jane.write(noun, id, data=b"{", content_type="application/json")


def writes(jane: Caller, facts: Facts) -> None:
    """Change tickets of every status, assigned or not, and look everywhere after each change."""
    users = facts.users
    ids = facts.first(lambda t: t["status"] == "open" and _assigned(t) and t["tags"])
    ids += facts.first(lambda t: t["status"] == "closed" and not _assigned(t))
    ids += facts.first(lambda t: t["status"] == "spam" and not _assigned(t))
    for id in ids:
        for wanted in ("closed", "open", "spam", "spam"):
            jane.status(id, wanted)
            _look(jane, id)
        for user in (users[0], None, facts.me, facts.me):
            jane.assignee(id, user)
            _look(jane, id)
        jane.status(id, "closed")
        jane.assignee(id, users[1])
        _look(jane, id)
    for turn in range(20):
        jane.status(ids[0], ("open", "closed")[turn % 2])
        jane.detail(ids[0])
        jane.detail(ids[0])


def _look(jane: Caller, id: int) -> None:
    jane.detail(id)
    jane.detail(id)
    jane.list(per_page=8)
    for name, value in (("status", "closed"), ("unassigned", "true"), ("assigned_to_me", "true")):
        jane.list(per_page=5, **{f"filter[{name}]": value})


def tokens(jane: Caller, facts: Facts) -> None:
    id = facts.ids[0]
    jane.list()
    jane.detail(id)
    for token in (None, "Bearer ", "nobody", "expired", "revoked", "janet", "JANE", "Basic jane"):
        jane.list(token)
        jane.detail(id, token)
        jane.detail(NOWHERE, token)
    for token in ("alice", "other"):
        jane.list(token, **{"filter[assigned_to_me]": "true"})
        jane.detail(id, token)
    jane.list(**{"filter[search]": "the"})
    jane.list(per_page=100, page=3)
    jane.detail(facts.foreign)
    for _ in range(20):
        jane.list()


def token_writes(jane: Caller, facts: Facts) -> None:
    id = facts.first(_assigned)[0]
    for token in (None, "nobody", "jane", "other", "readonly"):
        jane.status(id, "spam", token)
        jane.assignee(id, None, token)
        jane.detail(id)
    jane.status(facts.foreign, "spam")
    jane.detail(facts.foreign, "other")


def many(jane: Caller, facts: Facts) -> None:
    """Ask often: what happens now and then happens."""
    for id in facts.ids[:30]:
        jane.list(per_page=5)
        jane.detail(id)
    for page in (1, 2):
        jane.list(per_page=100, page=page)


def _tag_ids(ticket: dict[str, Any]) -> list[int]:
    return [tag["id"] for tag in ticket["tags"]]


def _most_files(ticket: dict[str, Any]) -> int:
    return max(len(message["attachments"]) for message in ticket["messages"])


def rough(jane: Caller, facts: Facts) -> None:
    """Ask and write in unusual forms, valid and invalid: no lie may stumble over them."""
    id = facts.ids[0]
    jane.list(page="x", per_page="x", sort=",", **{"filter[status]": ",", "filter[search]": " "})
    jane.list(page=99_999, per_page=100, **{"filter[nothing]": "1"})
    jane.ask("listTickets", "GET", f"{API}?filter[status][]=open&filter[]=1&filter=2")
    jane.ask("listTickets", "GET", f"{API}?%ff=%00&per_page=1&per_page=2&page=")
    for odd_id in ("%0a", "\u0661", f"{id}%2f", NOWHERE):
        jane.detail(odd_id)
    for noun, name, value in (("status", "status", "spam"), ("assignee", "user_id", facts.me)):
        jane.write(noun, id, data={name: value})
        jane.write(noun, id, data=b"\xff", content_type="application/json")
        jane.write(noun, id, {name: [], "more": {}})
        jane.write(noun, id, [])
        jane.write(noun, NOWHERE, {name: value})
        jane.write(noun, id, {name: value}, token=None)
    jane.detail(id)


def _assigned(ticket: dict[str, Any]) -> bool:
    return ticket["assignee"] is not None


def _joined(values: list[int]) -> str:
    return ",".join(map(str, values))


def _longest_word(text: str) -> str:
    plain = "".join(letter if letter.isalnum() else " " for letter in text)
    return max(plain.split() or ["the"], key=len)


Probe = Callable[[Caller, Facts], None]

READING: dict[str, tuple[Probe, ...]] = {
    "shape": (forms,),
    "envelope": (pages, many),
    "paging": (pages,),
    "links": (pages,),
    "sort": (sorts,),
    "filter": (filters,),
    "search": (searches,),
    "detail": (details, missing),
    "update": (many,),
    "memory": (many,),
    "access": (tokens,),
    "robustness": (odd, missing),
    "damage": (pages, many),
    "errors": (missing,),
}
"""Which probes show the defects of a family while nothing is changed."""

WRITING: dict[str, tuple[Probe, ...]] = {
    "shape": (writes,),
    "update": (writes, refusals),
    "memory": (writes,),
    "access": (token_writes,),
    "robustness": (refusals,),
    "errors": (refusals,),
}
"""Which probes show those that only changes show."""
