"""Every edge case shows what it promises."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from mockserver.contract.html_text import text_of
from mockserver.seed import build_workspaces, load_world
from mockserver.seed.edge_cases import edge_cases
from mockserver.seed.records import Ticket

IDS = {case["slug"]: case["id"] for case in edge_cases()["tickets"]}
NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)


@cache
def tickets() -> dict[int, Ticket]:
    world = build_workspaces(load_world("demo"), seed=1, tickets=0, locale=None, now=NOW)
    return {ticket.id: ticket for ticket in world[0].tickets}


def every_file(ticket: Ticket) -> list[str]:
    return [file.name for message in ticket.messages for file in message.attachments]


PROMISES: dict[str, Callable[[Ticket], bool]] = {
    "unassigned": lambda t: t.assignee is None,
    "untagged": lambda t: t.tags == () and t.assignee is not None,
    "thirty-tags": lambda t: len({tag.id for tag in t.tags}) == 30,
    "long-thread": lambda t: (
        len(t.messages) == 300
        and {message.type for message in t.messages} == {"inbound", "outbound", "note"}
        and t.messages[-1].created_at <= NOW
    ),
    "long-subject": lambda t: len(t.subject) == 255,
    "emoji-subject": lambda t: (
        "👩🏽‍💻" in t.subject and "\u200d" in t.subject and "🇧🇪" in t.subject
    ),
    "right-to-left": lambda t: "الطلب" in t.subject and "שלום" in t.subject,
    "html-subject": lambda t: "<b>" in t.subject and "&" in t.subject and '"' in t.subject,
    "status-open": lambda t: t.status == "open",
    "status-closed": lambda t: (
        t.status == "closed" and "status_changed" in [a.type for a in t.activities]
    ),
    "status-spam": lambda t: (
        t.status == "spam" and "status_changed" in [a.type for a in t.activities]
    ),
    "all-null": lambda t: (
        [t.assignee, t.summary, t.latest_message_preview] == [None] * 3
        and [t.contact.name, t.contact.avatar_url] == [None] * 2
        and [a.user for a in t.activities] == [None]
        and [m.sender for m in t.messages] == [t.contact]
    ),
    "assignee-left": lambda t: t.assignee is not None and t.assignee.left,
    "attachments": lambda t: (
        len(every_file(t)) == 29 == len({f.id for m in t.messages for f in m.attachments})
        and min(f.size for m in t.messages for f in m.attachments) == 0
        and max(map(len, every_file(t))) > 200
    ),
    "hostile-spam": lambda t: (
        t.status == "spam"
        and "<script>" in t.subject
        and all(
            threat in t.messages[0].body_html
            for threat in ("<script>", "onerror=", "javascript:", "<iframe", "onload=", "<style>")
        )
    ),
    "forwarded": lambda t: [m.is_forward for m in t.messages] == [False, True, False],
    "very-old": lambda t: t.created_at.year == 2009,
    "long-body": lambda t: len(t.messages[0].body_html) > 100_000,
    "nameless-contact": lambda t: t.contact.name is None,
    "twin-one": lambda t: (
        (t.created_at, t.updated_at) == (tickets()[921].created_at, tickets()[921].updated_at)
    ),
    "twin-two": lambda t: t.subject == tickets()[920].subject and t.ulid != tickets()[920].ulid,
    "search-literals": lambda t: all(c in t.subject for c in "%_'\"\\*"),
    "foreign-names": lambda t: t.contact.name == "山田 太郎" and not t.subject.isascii(),
    "long-word": lambda t: len(t.subject) == 225 and not set(t.subject) & set(" -"),
    "empty-subject": lambda t: t.subject == "",
    "reopened": lambda t: (
        t.status == "open"
        and [a.type for a in t.activities].count("status_changed") == 2
        and t.activities[-1].user is None
    ),
}


@pytest.mark.parametrize("slug", IDS)
def test_an_edge_case_shows_what_it_promises(slug: str) -> None:
    assert PROMISES[slug](tickets()[IDS[slug]])


def test_every_edge_case_has_its_own_slug_and_an_id_from_901() -> None:
    assert IDS.keys() == PROMISES.keys()
    assert list(IDS.values()) == list(range(901, 901 + len(PROMISES)))
    assert len(edge_cases()["tickets"]) == len(PROMISES)


def test_the_edge_cases_are_there_however_few_tickets_are_wanted() -> None:
    assert set(tickets()) == {42, *IDS.values()}


def test_edge_cases_are_causal_and_past() -> None:
    for ticket in tickets().values():
        assert ticket.created_at <= ticket.last_activity_at <= ticket.updated_at <= NOW


def test_edge_cases_do_not_crowd_the_first_page() -> None:
    world = build_workspaces(load_world("demo"), seed=1, tickets=200, locale=None, now=NOW)
    latest = sorted(world[0].tickets, key=lambda ticket: ticket.updated_at)[-25:]

    assert sum(ticket.id < 1000 for ticket in latest) < 12


def test_hostile_html_has_a_harmless_preview() -> None:
    ticket = tickets()[915]

    assert ticket.latest_message_preview == "Dear winner, Claim your prize"
    assert "alert" not in text_of(ticket.messages[0].body_html)


def test_edge_cases_move_with_the_clock() -> None:
    early = datetime(2020, 1, 1, tzinfo=UTC)
    world = build_workspaces(load_world("demo"), seed=1, tickets=0, locale=None, now=early)
    created = {ticket.id: ticket.created_at for ticket in world[0].tickets}

    assert created[901] == early - timedelta(hours=5)
