"""Lists of small worlds, whatever their texts, compared with a plain reading of every ticket."""

import html
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.choices import Choices
from mockserver.contract.html_text import text_of
from mockserver.contract.operations import Contract
from mockserver.seed import load_world, plant
from mockserver.seed.clock import Clock
from mockserver.seed.records import Channel, Contact, Message, Tag, Ticket, Token, User, Workspace
from mockserver.store import Caller, Store, cataloguing, sets

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
CONTRACT = Contract.load()
JANE, BOB = User(5, "Jane", "jane@x.example"), User(2, "Bob", "bob@x.example")
CARL = Contact(1, "01HX9F3K2M0000000000000000", "Carl", "carl@x.example")
CHANNELS = (Channel(1, "Mail", "email", "#000000"), Channel(2, "Chat", "widget", "#ffffff"))
TAGS = tuple(Tag(id, f"01HX9F3K2M000000000000000{id}", f"t{id}", "red") for id in (1, 2, 3))
SORTS = ["created_at", "updated_at", "last_activity_at"]

# Few letters, so that terms occur; capitals, stops and digits, which shapes give a meaning to.
WORDS = ["ab", "aba", "Ab1", "12", "123", "A", "Z", "AZ", "ß", "100%", "a_b", "é", "b.", "a?", "1!"]
TEXT = st.lists(st.sampled_from([*WORDS, "B1", "abc", "abcabc"]), max_size=6).map(" ".join)


@st.composite
def tickets(draw: st.DrawFn) -> list[Ticket]:
    return [draw(ticket(id)) for id in range(1, draw(st.integers(0, 9)) + 1)]


@st.composite
def ticket(draw: st.DrawFn, id: int) -> Ticket:
    particulars = draw(st.lists(st.sampled_from([*WORDS, "abc", "abc ab", "b. a"]), max_size=4))
    texts = [draw(TEXT) for _ in range(draw(st.integers(0, 3)))]
    # Particulars stand in the texts, at their edges and next to one another.
    filled = [draw(st.permutations([text, *particulars])) for text in texts]
    glue = draw(st.sampled_from(["", " ", ". ", "#"]))
    times = [NOW - timedelta(hours=draw(st.integers(0, 2))) for _ in range(3)]
    return Ticket(
        id=id,
        ulid=f"01HX9F3K2M00000000000000{id:02}",
        subject=draw(TEXT),
        status=draw(st.sampled_from(["open", "closed", "spam"])),
        channel=draw(st.sampled_from(CHANNELS)),
        assignee=draw(st.sampled_from([JANE, BOB, None])),
        contact=CARL,
        tags=tuple(draw(st.lists(st.sampled_from(TAGS), unique=True, max_size=2))),
        latest_message_preview=None,
        summary=None,
        created_at=times[0],
        updated_at=times[1],
        last_activity_at=times[2],
        messages=tuple(
            Message(
                id * 10 + number,
                f"01HX9F3K2N0000000000000{id * 10 + number:03}",
                draw(st.sampled_from(["inbound", "outbound", "note"])),
                f"<p>{html.escape(glue.join(parts))}</p>",
                CARL,
                NOW,
            )
            for number, parts in enumerate(filled)
        ),
        particulars=tuple(particulars),
    )


def world_of(told: list[Ticket]) -> Workspace:
    token = Token("jane", JANE.id)
    return Workspace(1, "W", (JANE, BOB), CHANNELS, TAGS, (CARL,), (token,), told, len(told))


@contextmanager
def opened(*workspaces: Workspace) -> Iterator[tuple[Store, Caller]]:
    store = Store(CONTRACT, Choices(), Clock(NOW))
    try:
        store.plant("test", workspaces)
        caller = store.caller("jane")
        assert caller is not None
        yield store, caller
    finally:
        store.close()


def found(told: list[Ticket], given: dict[str, Any], sort: list[str]) -> list[int]:
    """Return the ids that pass, in order, ties by id as the last key runs."""
    rows = sorted(
        (each for each in told if passes(each, given)),
        key=attrgetter("id"),
        reverse=sort[-1].startswith("-"),
    )
    for key in reversed(sort):
        rows.sort(key=attrgetter(key.removeprefix("-")), reverse=key.startswith("-"))
    return [row.id for row in rows]


def passes(told: Ticket, given: dict[str, Any]) -> bool:
    texts = [told.subject, *(text_of(message.body_html) for message in told.messages)]
    meanings = {
        "search": lambda term: any(term.casefold() in text.casefold() for text in texts),
        "status": lambda wanted: told.status in wanted,
        "channel_ids": lambda wanted: told.channel.id in wanted,
        "tag_ids": lambda wanted: any(tag.id in wanted for tag in told.tags),
        "assigned_to_me": lambda wanted: not wanted or told.assignee == JANE,
        "unassigned": lambda wanted: not wanted or told.assignee is None,
    }
    return all(meanings[name](wanted) for name, wanted in given.items())


def ids(store: Store, caller: Caller, given: dict[str, Any], sort: list[str], size: int) -> Any:
    """Return the ids on every page, and the total that each page tells."""
    first = store.page(caller, given, sort, 1, size)
    pages = [first, *(store.page(caller, given, sort, n, size) for n in range(2, first.last + 1))]
    assert {page.total for page in pages} == {first.total}
    assert all(len(page.rows) == size for page in pages[:-1])
    return [orjson.loads(row)["id"] for page in pages for row in page.rows]


SORT = st.lists(
    st.sampled_from([sign + key for key in SORTS for sign in ("", "-")]),
    min_size=1,
    max_size=3,
    unique_by=lambda key: key.removeprefix("-"),
)
GIVEN = st.fixed_dictionaries(
    {},
    optional={
        "status": st.lists(st.sampled_from(["open", "closed", "new"]), max_size=2, unique=True),
        "channel_ids": st.lists(st.sampled_from([1, 2, 9]), max_size=2, unique=True),
        "tag_ids": st.lists(st.sampled_from([1, 2, 3, 9]), max_size=2, unique=True),
        "assigned_to_me": st.booleans(),
        "unassigned": st.booleans(),
    },
)


def cut(draw: st.DrawFn, told: list[Ticket]) -> str:
    """Draw a term that stands in some text, or nearly."""
    texts = [text_of(m.body_html) for each in told for m in each.messages]
    text = draw(st.sampled_from([*texts, *(each.subject for each in told), "ab 12"]))
    start = draw(st.integers(0, max(0, len(text) - 1)))
    return text[start : start + draw(st.integers(1, 12))]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.data(), tickets(), st.sampled_from([1, 128]), st.sampled_from([0, 20_000]))
def test_every_list_is_what_reading_every_ticket_finds(
    data: st.DataObject, told: list[Ticket], few: int, many: int
) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        patched(patch, few, many),
        opened(world_of(told)) as (store, caller),
    ):
        for _ in range(8):
            given = data.draw(GIVEN)
            if data.draw(st.booleans()):
                given["search"] = cut(data.draw, told)
            sort, size = data.draw(SORT), data.draw(st.integers(1, 4))
            assert ids(store, caller, given, sort, size) == found(told, given, sort)


@contextmanager
def patched(patch: pytest.MonkeyPatch, few: int, many: int) -> Iterator[None]:
    """Let small worlds be kept as large ones are: as bitmaps, and with grams."""
    for module in (sets, cataloguing):
        patch.setattr(module, "FEW", few)
    patch.setattr(cataloguing, "_MANY", many)
    yield


@pytest.fixture(scope="module")
def made_up() -> Iterator[tuple[Store, Caller, list[Ticket]]]:
    world = plant(load_world("demo"), seed=1, tickets=260, locale=None, now=NOW)[0]
    told = list(world.tickets)
    with pytest.MonkeyPatch.context() as patch, patched(patch, 16, 0), opened(world) as (store, _):
        caller = store.caller("jane")
        assert caller is not None
        yield store, caller, told


@pytest.mark.parametrize("length", [1, 2, 3, 5, 9, 17, 40])
def test_a_made_up_world_is_searched_to_the_letter(
    made_up: tuple[Store, Caller, list[Ticket]], length: int
) -> None:
    store, caller, told = made_up
    texts = [t.subject for t in told] + [text_of(m.body_html) for t in told for m in t.messages]
    chance = random.Random(length)
    for _ in range(40):
        text = chance.choice(texts)
        start = chance.randrange(max(1, len(text) - length + 1))
        given = {"search": text[start : start + length]}
        assert ids(store, caller, given, ["-updated_at"], 100) == found(
            told, given, ["-updated_at"]
        ), given
