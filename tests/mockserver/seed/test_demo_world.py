"""The worlds that ship: the documented ticket word for word, and the people the README names."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mockserver.contract import resources
from mockserver.seed import build_workspaces, load_world
from mockserver.seed.records import Contact, Message, Ticket, Workspace

NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)


def world(name: str, now: datetime = NOW) -> list[Workspace]:
    return build_workspaces(load_world(name), seed=1, tickets=None, locale=None, now=now)


def shown(record: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def rendered(ticket: Ticket) -> dict[str, Any]:
    """Render a ticket as the page shows one, without the mock's own renderer."""
    people = ("id", "name", "email", "avatar_url")
    return {
        **shown(ticket, "id", "ulid", "subject", "status", "latest_message_preview", "summary"),
        "channel": shown(ticket.channel, "id", "name", "type", "color"),
        "assignee": ticket.assignee and shown(ticket.assignee, *people, "timezone"),
        "contact": shown(ticket.contact, *people, "ulid"),
        "tags": [shown(tag, "id", "ulid", "name", "color") for tag in ticket.tags],
        "created_at": ticket.created_at.isoformat(),
        "updated_at": ticket.updated_at.isoformat(),
        "messages": [rendered_message(message) for message in ticket.messages],
        "activities": [
            {
                "type": activity.type,
                "user": activity.user and shown(activity.user, "id", "name"),
                "created_at": activity.created_at.isoformat(),
            }
            for activity in ticket.activities
        ],
    }


def rendered_message(message: Message) -> dict[str, Any]:
    kind = "contact" if isinstance(message.sender, Contact) else "user"
    return {
        **shown(message, "id", "ulid", "type", "body_html", "is_forward"),
        "sender": shown(message.sender, "id", "name", "email", "avatar_url") | {"type": kind},
        "attachments": list(message.attachments),
        "created_at": message.created_at.isoformat(),
    }


def example(name: str) -> Any:
    return json.loads((resources.examples() / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("now", [NOW, datetime(2025, 6, 3, tzinfo=UTC)])
def test_ticket_42_is_the_documented_one_whatever_the_clock(now: datetime) -> None:
    (ticket,) = (ticket for ticket in world("demo", now)[0].tickets if ticket.id == 42)

    assert rendered(ticket) == example("get-ticket")["ticket"]
    assert ticket.last_activity_at == ticket.created_at


def test_the_documented_people_and_labels_stand() -> None:
    listed = example("list-tickets")["data"][0]
    ours = world("demo")[0]
    (jane,) = (user for user in ours.users if user.id == 5)
    (urgent,) = (tag for tag in ours.tags if tag.id == 3)

    assert shown(jane, *listed["assignee"]) == listed["assignee"]
    assert shown(urgent, *listed["tags"][0]) == listed["tags"][0]
    assert shown(ours.channels[0], *listed["channel"]) == listed["channel"]


def test_demo_has_a_token_for_every_case() -> None:
    ours, theirs = world("demo")
    tokens = {token.token: token for token in ours.tokens}

    assert tokens["jane"].user_id == 5
    assert tokens["expired"].state == "expired"
    assert tokens["revoked"].state == "revoked"
    assert [token.token for token in ours.tokens if token.readonly] == ["readonly"]
    assert theirs.tokens[0].token == "other"
    active = {token.user_id for token in ours.tokens if token.state == "active"}
    assert active == {user.id for user in ours.users if not user.left}


def test_demo_holds_200_tickets_and_another_company_its_own() -> None:
    ours, theirs = ([ticket.id for ticket in one.tickets] for one in world("demo"))

    assert (len(ours), len(theirs)) == (200, 40)
    assert not set(ours) & set(theirs)
    assert theirs == list(range(501, 541))


def test_small_is_a_dozen_written_tickets_of_every_status() -> None:
    (shop,) = world("small")
    tickets = list(shop.tickets)

    assert [ticket.id for ticket in tickets] == list(range(1, 13))
    assert {ticket.status for ticket in tickets} == {"open", "closed", "spam"}
    assert all(ticket.updated_at <= NOW for ticket in tickets)


def test_empty_has_people_channels_and_tags_but_no_tickets() -> None:
    (venture,) = world("empty")

    assert list(venture.tickets) == []
    assert venture.ticket_count == 0
    assert venture.users
    assert venture.channels
    assert venture.tags


@pytest.mark.parametrize("name", ["demo", "small", "empty"])
def test_the_same_tokens_open_every_shipped_world(name: str) -> None:
    tokens = {token.token for token in world(name)[0].tokens}

    assert {"jane", "readonly", "expired", "revoked"} <= tokens
