"""Random worlds with awkward texts: lists and details, compared with a model in Python."""

import html
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson
import pytest

from mockserver.contract.choices import Choices
from mockserver.contract.html_text import text_of
from mockserver.contract.operations import Contract
from mockserver.seed.clock import Clock
from mockserver.seed.records import Channel, Contact, Message, Tag, Ticket, Token, User, Workspace
from mockserver.seed.source import SeedSource
from mockserver.store import Caller, NewTicket, Store
from tests.support.harness import NewDatabase

pytestmark = pytest.mark.both_databases

WORLDS, LISTS = 15, 70
"""Random worlds for each database, and lists for each world."""

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
JANE, BOB = User(5, "Jane", "jane@x.example"), User(2, "Bob", "bob@x.example")
CARL = Contact(1, "01HX9F3K2M0000000000000000", "Carl", "carl@x.example")
CHANNELS = (Channel(1, "Mail", "email", "#000000"), Channel(2, "Chat", "widget", "#ffffff"))
TAGS = tuple(Tag(id, f"01HX9F3K2M000000000000000{id}", f"t{id}", "red") for id in (1, 2, 3))
STATUSES = ["open", "closed", "spam"]
SORTS = ["created_at", "updated_at", "last_activity_at"]
PIECES = [
    *("ab", "aba", "Ab1", "a", "refund", "REFUND", "100%", "a_b", "\\", "%", "_", "'", '"', "''"),
    *(
        "ß",
        "SS",
        "İ",
        "i̇",
        "ς",
        "Σ",
        "é",
        "e\u0301",
        "👩‍💻",
        "🇧🇪",
        "日本語",
        "مرحبا",
        "<b>",
        "&amp;",
    ),
    *("\0", "\uffff", "\u2028", "\t", "*", "OR", "NEAR(", "^a", "a-b", "()", "-- x", "[a-z]"),
]


@dataclass
class Row:
    """What the model knows about a ticket."""

    id: int
    status: str
    assignee: int | None
    channel: int
    tags: list[int]
    texts: list[str]
    created_at: int
    updated_at: int
    last_activity_at: int
    activities: int = 0


@dataclass
class Model:
    """The tickets of one world; changed as the store is changed."""

    rows: dict[int, Row] = field(default_factory=dict)

    def copy(self) -> "Model":
        copies = {
            id: Row(**{**vars(row), "tags": [*row.tags], "texts": [*row.texts]})
            for id, row in self.rows.items()
        }
        return Model(copies)

    def list(self, given: dict[str, Any], user: int, sort: list[str]) -> list[int]:
        """Return the ids that pass, in order; ties by id, as the last key runs."""
        found = sorted(
            (row for row in self.rows.values() if passes(row, given, user)),
            key=lambda row: row.id,
            reverse=sort[-1].startswith("-"),
        )
        for key in reversed(sort):
            found.sort(key=lambda row: getattr(row, key.strip("-")), reverse=key.startswith("-"))
        return [row.id for row in found]


def passes(row: Row, given: dict[str, Any], user: int) -> bool:
    meanings = {
        "search": lambda term: any(contains(text, term) for text in row.texts),
        "status": lambda wanted: row.status in wanted,
        "channel_ids": lambda wanted: row.channel in wanted,
        "tag_ids": lambda wanted: bool({*row.tags} & {*wanted}),
        "assigned_to_me": lambda wanted: not wanted or row.assignee == user,
        "unassigned": lambda wanted: not wanted or row.assignee is None,
    }
    return all(meanings[name](wanted) for name, wanted in given.items())


def contains(text: str, term: str) -> bool:
    """Compare without regard to case; characters that databases do not store count as one."""
    stored = str.maketrans(dict.fromkeys("\0\x1f\ufffe\uffff", "\ufffd"))
    return term.casefold().translate(stored) in text.casefold().translate(stored)


def words(random: Random) -> str:
    glue = random.choice(["", " ", ". "])
    return glue.join(random.choice(PIECES) for _ in range(random.randrange(1, 7)))


def message(random: Random, id: int) -> Message:
    marked = "<i>".join(html.escape(words(random)) for _ in range(random.randrange(1, 3)))
    body = f"<p>{marked}</p><p>{html.escape(words(random))}</p>"
    return Message(id, f"01HX9F3K2N000000000000{id:04}", "inbound", body, CARL, NOW)


def ticket(random: Random, id: int) -> Ticket:
    times = [NOW - timedelta(hours=random.randrange(4)) for _ in range(3)]
    return Ticket(
        id=id,
        ulid=f"01HX9F3K2M00000000000000{id:02}",
        subject=words(random),
        status=random.choice(STATUSES),
        channel=random.choice(CHANNELS),
        assignee=random.choice([JANE, BOB, None]),
        contact=CARL,
        tags=tuple(random.sample(TAGS, random.randrange(3))),
        latest_message_preview=None,
        summary=None,
        created_at=times[0],
        updated_at=times[1],
        last_activity_at=times[2],
        messages=tuple(message(random, id * 10 + n) for n in range(random.randrange(4))),
    )


def row_of(ticket: Ticket) -> Row:
    return Row(
        ticket.id,
        ticket.status,
        ticket.assignee.id if ticket.assignee else None,
        ticket.channel.id,
        [tag.id for tag in ticket.tags],
        [ticket.subject, *(text_of(each.body_html) for each in ticket.messages)],
        *(int(getattr(ticket, name).timestamp()) for name in SORTS),
    )


@pytest.fixture(scope="module")
def seeded(new_database: NewDatabase) -> Iterator[tuple[Store, Model]]:
    random = Random(1)
    tickets = [ticket(random, id) for id in range(1, 41)]
    tokens = (Token("jane", JANE.id), Token("bob", BOB.id))
    store = Store(Contract.load(), Choices(), Clock(NOW), new_database())
    home = Workspace(1, "W", (JANE, BOB), CHANNELS, TAGS, (CARL,), tokens, tickets, len(tickets))
    try:
        store.worlds.seed_shared(SeedSource("test", "test", lambda: [home]))
        yield store, Model({each.id: row_of(each) for each in tickets})
    finally:
        store.close()


class Changer:
    """Changes a world at random, in the store and in the model alike."""

    def __init__(self, store: Store, caller: Caller, model: Model, random: Random) -> None:
        self.store, self.caller, self.model, self.random = store, caller, model, random
        self.now = int(NOW.timestamp())

    def change(self) -> None:
        row = self.model.rows[self.random.choice(sorted(self.model.rows))]
        what = self.random.choice([self.status, self.assignee, self.message, self.tag, self.open])
        what(row)

    def status(self, row: Row) -> None:
        status = self.random.choice(STATUSES)
        self.store.changes.set_status(self.caller, row.id, status)
        if status != row.status:
            row.status, row.updated_at = status, max(self.now, row.updated_at)
            row.activities += 1

    def assignee(self, row: Row) -> None:
        assignee = self.random.choice([JANE.id, BOB.id, None])
        self.store.changes.set_assignee(self.caller, row.id, assignee)
        if assignee != row.assignee:
            row.assignee, row.updated_at = assignee, max(self.now, row.updated_at)
            row.activities += 1

    def message(self, row: Row) -> None:
        body = message(self.random, 1).body_html
        self.store.messages.add_contact_message(self.caller.world, row.id, body, CARL)
        row.texts.append(text_of(body))
        if row.status == "closed":
            row.status, row.activities = "open", row.activities + 1
        row.updated_at = row.last_activity_at = max(self.now, row.updated_at)

    def tag(self, row: Row) -> None:
        tag, on = self.random.choice(TAGS).id, self.random.random() < 0.6
        self.store.changes.set_tag(self.caller.world, row.id, tag, on=on)
        if on is not (tag in row.tags):
            row.tags = [each for each in row.tags if each != tag] + ([tag] if on else [])

    def open(self, _: Row) -> None:
        subject, body = words(self.random), message(self.random, 1).body_html
        opening = NewTicket(subject, body, CARL, self.random.choice(CHANNELS))
        id = self.store.messages.open_ticket(self.caller.world, 1, opening)
        texts = [subject, text_of(body)]
        times = (self.now,) * 3
        self.model.rows[id] = Row(id, "open", None, opening.channel.id, [], texts, *times)


def ask(random: Random, model: Model) -> tuple[dict[str, Any], list[str], int]:
    """Draw filters, a sort and a page size."""
    given: dict[str, Any] = {}
    for name, values in {
        "status": [*STATUSES, "new"],
        "channel_ids": [1, 2, 9],
        "tag_ids": [1, 2, 3, 9],
    }.items():
        if random.random() < 0.3:
            given[name] = random.sample(values, random.randrange(1, 3))
    for name in ("assigned_to_me", "unassigned"):
        if random.random() < 0.2:
            given[name] = random.random() < 0.7
    if random.random() < 0.5:
        texts = [text for row in model.rows.values() for text in row.texts if text]
        text = random.choice([*texts, "nowhere to be found"])
        start = random.randrange(len(text))
        given["search"] = text[start : start + random.choice([1, 2, 3, 4, 8, 20, 150])]
    keys = random.sample(SORTS, random.choice([1, 1, 1, 2, 3]))
    return given, [random.choice(["", "-"]) + key for key in keys], random.randrange(1, 30)


def ids(store: Store, caller: Caller, given: dict[str, Any], sort: list[str], size: int) -> Any:
    """Return the ids on every page; each page, also one beyond the last, shows the same total."""
    first = store.tickets.page(caller, given, sort, 1, size)
    pages = [
        first,
        *(store.tickets.page(caller, given, sort, n, size) for n in range(2, first.last + 2)),
    ]
    assert {page.total for page in pages} == {first.total}
    assert all(len(page.rows) == size for page in pages[:-2])
    found = [orjson.loads(row)["id"] for page in pages for row in page.rows]
    assert len(found) == first.total
    return found


def check_detail(store: Store, caller: Caller, row: Row) -> None:
    """Compare one ticket's detail with the model."""
    detail = orjson.loads(store.detail(caller, store.find(caller, id=row.id)))
    assert detail["status"] == row.status
    assert (detail["assignee"] or {"id": None})["id"] == row.assignee
    assert [tag["id"] for tag in detail["tags"]] == row.tags
    assert [text_of(each["body_html"]) for each in detail["messages"]] == row.texts[1:]
    assert len(detail["activities"]) == row.activities


def find_caller(store: Store, random: Random, number: int) -> Caller:
    token = f"{random.choice(['jane', 'bob'])}@list-{number}"
    store.worlds.open_on_first_use(token)
    caller = store.worlds.find_caller(token)
    assert caller is not None
    return caller


@pytest.mark.slow
@pytest.mark.parametrize("number", range(WORLDS))
def test_every_list_and_detail_is_that_of_the_model(
    seeded: tuple[Store, Model], number: int
) -> None:
    store, model = seeded
    random = Random(f"{os.environ.get('MOCKSERVER_TEST_SEED', '0')}-{number}")
    caller = find_caller(store, random, number)
    changer = Changer(store, caller, model.copy(), random)
    saved: Model | None = None
    for _ in range(LISTS):
        for _ in range(random.choice([0, 0, 1, 3]) if number else 0):
            changer.change()
        what = random.random()
        if what < 0.03:
            store.worlds.reset(caller.world)
            changer.model = model.copy()
        elif what < 0.06:
            store.snapshots.save(caller.world, "then")
            saved = changer.model.copy()
        elif what < 0.09 and saved:
            assert store.snapshots.restore(caller.world, "then")
            changer.model = saved.copy()
        changer.caller = caller = find_caller(store, random, number)
        given, sort, size = ask(random, changer.model)
        expected = changer.model.list(given, caller.user, sort)
        assert ids(store, caller, given, sort, size) == expected, (given, sort)
        check_detail(store, caller, random.choice([*changer.model.rows.values()]))
