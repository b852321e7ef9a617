"""A private world over its seed, compared with a plain model of lists and dictionaries."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import count
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.seed import build_workspaces, clock, load_world
from mockserver.seed.records import Ticket, Workspace
from tests.support.admin import AdminClient
from tests.support.harness import CLOCK, Api

pytestmark = pytest.mark.both_databases

SIZE = 60
NOW = int(clock.parse_time(CLOCK).timestamp())
USERS = {"jane": 5, "bob": 2}
STATUSES = ["open", "closed", "spam"]
TERMS = ["password", "ORDER", "th", "refund", "100%", "_", "zzz", "é"]
SORTS = ["created_at", "updated_at", "last_activity_at"]


class Text(HTMLParser):
    """The text of a message, read by another reader than the mock's."""

    def __init__(self, body_html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(body_html)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


@dataclass
class Row:
    """What the model remembers of a ticket."""

    id: int
    status: str
    assignee: int | None
    channel: int
    tags: set[int]
    text: list[str]
    created_at: int
    updated_at: int
    last_activity_at: int
    changes: int = 0

    @classmethod
    def of(cls, ticket: Ticket) -> "Row":
        texts = [" ".join(Text(message.body_html).parts) for message in ticket.messages]
        return cls(
            id=ticket.id,
            status=ticket.status,
            assignee=ticket.assignee.id if ticket.assignee else None,
            channel=ticket.channel.id,
            tags={tag.id for tag in ticket.tags},
            text=[text.casefold() for text in (ticket.subject, *texts)],
            created_at=int(ticket.created_at.timestamp()),
            updated_at=int(ticket.updated_at.timestamp()),
            last_activity_at=int(ticket.last_activity_at.timestamp()),
        )


def passes(row: Row, filters: dict[str, Any], user: int) -> bool:
    meanings: dict[str, Callable[[Any], bool]] = {
        "status": lambda wanted: row.status in wanted,
        "channel_ids": lambda wanted: row.channel in wanted,
        "tag_ids": lambda wanted: bool(row.tags & set(wanted)),
        "search": lambda term: any(term.casefold() in text for text in row.text),
        "assigned_to_me": lambda wanted: not wanted or row.assignee == user,
        "unassigned": lambda wanted: not wanted or row.assignee is None,
    }
    return all(meanings[name](wanted) for name, wanted in filters.items())


def ordered(rows: list[Row], sort: list[str]) -> list[Row]:
    rows = sorted(rows, key=lambda row: row.id, reverse=sort[-1].startswith("-"))
    for key in reversed(sort):
        name = key.removeprefix("-")
        rows.sort(key=attrgetter(name), reverse=key.startswith("-"))
    return rows


def query(filters: dict[str, Any], sort: list[str], size: int, page: int) -> str:
    pairs = {"sort": ",".join(sort), "per_page": size, "page": page}
    for name, wanted in filters.items():
        many = isinstance(wanted, list)
        text = ",".join(map(str, wanted)) if many else str(wanted)
        pairs[f"filter[{name}]"] = text.lower() if isinstance(wanted, bool) else text
    return urlencode(pairs)


def subsets(values: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


def filters_of(workspace: Workspace) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "status": subsets(STATUSES),
            "channel_ids": subsets([channel.id for channel in workspace.channels]),
            "tag_ids": subsets([tag.id for tag in workspace.tags]),
            "search": st.sampled_from(TERMS),
            "assigned_to_me": st.booleans(),
            "unassigned": st.booleans(),
        },
    )


SORT = st.lists(
    st.sampled_from([sign + key for key in SORTS for sign in ("", "-")]),
    min_size=1,
    max_size=2,
    unique_by=lambda key: key.removeprefix("-"),
)


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    app = create_app(Config(tickets=SIZE, clock=CLOCK))
    yield app
    app.extensions["store"].close()


@pytest.fixture(scope="module")
def seeded() -> tuple[Workspace, list[Ticket]]:
    """The first workspace as the seed makes it, without the store."""
    workspace = build_workspaces(
        load_world("demo"), seed=1, tickets=SIZE, locale=None, now=clock.parse_time(CLOCK)
    )[0]
    return workspace, list(workspace.tickets)


class Rewound(RuleBasedStateMachine):
    """A world that goes back to its seed, and to a snapshot."""

    def __init__(self, app: Flask, name: str, tickets: list[Ticket]) -> None:
        super().__init__()
        self.app, self.name, self.tickets = app, name, tickets
        self.callers = {token: Api(app, f"{token}@{name}") for token in USERS}
        self.rows = {ticket.id: Row.of(ticket) for ticket in tickets}
        self.kept: dict[int, Row] | None = None

    @rule()
    def reset(self) -> None:
        assert self.callers["jane"].send("POST", "/_mock/reset").status_code == 200
        self.rows = {ticket.id: Row.of(ticket) for ticket in self.tickets}

    @rule()
    def keep(self) -> None:
        self.callers["jane"].ids()  # which opens the world
        AdminClient(self.app).json("PUT", f"/worlds/{self.name}/snapshots/then")
        self.kept = deepcopy(self.rows)

    @precondition(lambda self: self.kept is not None)
    @rule()
    def put_back(self) -> None:
        AdminClient(self.app).json("POST", f"/worlds/{self.name}/snapshots/then/restore")
        self.rows = deepcopy(self.kept) or {}


@pytest.mark.slow
def test_every_list_of_a_changed_world_is_the_models(
    app: Flask, seeded: tuple[Workspace, list[Ticket]]
) -> None:
    workspace, tickets = seeded
    ids = st.sampled_from([ticket.id for ticket in tickets])
    members = st.sampled_from([None, *(user.id for user in workspace.users if not user.left)])
    tokens = st.sampled_from(sorted(USERS))
    names = count()

    class World(Rewound):
        """Random changes by two users, each followed by random lists."""

        def __init__(self) -> None:
            super().__init__(app, f"layer-{next(names)}", tickets)

        @rule(id=ids, token=tokens, status=st.sampled_from(STATUSES))
        def change_status(self, id: int, token: str, status: str) -> None:
            self.callers[token].change(id, status=status)
            self.note(self.rows[id], "status", status)

        @rule(id=ids, token=tokens, user=members)
        def change_assignee(self, id: int, token: str, user: int | None) -> None:
            self.callers[token].change(id, user_id=user)
            self.note(self.rows[id], "assignee", user)

        def note(self, row: Row, field: str, value: Any) -> None:
            if getattr(row, field) != value:
                setattr(row, field, value)
                row.updated_at = max(NOW, row.updated_at)
                row.changes += 1

        @rule(
            token=tokens,
            filters=filters_of(workspace),
            sort=SORT,
            size=st.sampled_from([1, 7, 25, 100]),
            page=st.integers(1, 4),
        )
        def list_page(
            self, token: str, filters: dict[str, Any], sort: list[str], size: int, page: int
        ) -> None:
            rows = [row for row in self.rows.values() if passes(row, filters, USERS[token])]
            expected = ordered(rows, sort)[(page - 1) * size : page * size]
            found = self.callers[token].page(query(filters, sort, size, page))

            assert found["meta"]["total"] == len(rows)
            assert [t["id"] for t in found["data"]] == [row.id for row in expected]
            assert [t["status"] for t in found["data"]] == [row.status for row in expected]

        @rule(id=ids, token=tokens)
        def read_ticket(self, id: int, token: str) -> None:
            row, found = self.rows[id], self.callers[token].ticket(id)
            seed = next(ticket for ticket in tickets if ticket.id == id)
            assert found["status"] == row.status
            assert (found["assignee"] or {"id": None})["id"] == row.assignee
            assert len(found["messages"]) == len(seed.messages)
            assert len(found["activities"]) == len(seed.activities) + row.changes

    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("sort", [sign + key for key in SORTS for sign in ("", "-")])
@pytest.mark.parametrize("changed", [False, True])
def test_every_sort_of_the_whole_world_is_the_models(
    app: Flask, seeded: tuple[Workspace, list[Ticket]], sort: str, changed: bool, world_name: str
) -> None:
    rows = [Row.of(ticket) for ticket in seeded[1]]
    api = Api(app, f"jane@{world_name}")
    if changed:
        target = rows[len(rows) // 2]
        target.status = "spam" if target.status != "spam" else "open"
        api.change(target.id, status=target.status)
        target.updated_at = NOW
    assert api.ids(f"sort={sort}&per_page=100") == [row.id for row in ordered(rows, [sort])]
