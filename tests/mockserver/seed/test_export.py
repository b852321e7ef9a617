"""A dumped world plants the same records again, to the byte."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.seed import build_workspaces, load_world, world_to_yaml
from mockserver.seed.records import (
    Activity,
    Attachment,
    Channel,
    Contact,
    Message,
    Tag,
    Ticket,
    Token,
    User,
    Workspace,
)

NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)
BORN = datetime(2026, 1, 1, tzinfo=UTC)
ULID = "01HX9F3K2M4Q8V7T5R9W2X6Y3Z"


def reseeded(path: Path, workspaces: list[Workspace]) -> list[Workspace]:
    path.write_text(world_to_yaml("kept", workspaces), "utf-8")
    later = NOW + timedelta(days=400)
    return read(
        build_workspaces(load_world(path), seed=99, tickets=None, locale="de_DE", now=later)
    )


def read(workspaces: list[Workspace]) -> list[Workspace]:
    return [replace(workspace, tickets=list(workspace.tickets)) for workspace in workspaces]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
moments = st.integers(-3, 500).map(lambda hours: BORN + timedelta(hours=hours))
USER = User(5, "Jane", "jane@example.com", None, None)
CONTACT = Contact(12, ULID, None, "john@example.com", "https://avatars.example.com/12.png")
CHANNEL = Channel(1, "Support", "letter", "#abc")
TAG = Tag(3, ULID, "urgent", "red")


@st.composite
def tickets(draw: st.DrawFn) -> Ticket:
    files = st.builds(
        Attachment,
        st.just(7),
        texts.filter(bool),
        texts.filter(bool),
        st.integers(0, 9),
        texts.filter(bool),
    )
    message = Message(
        id=101,
        ulid=ULID,
        type=draw(st.sampled_from(["inbound", "outbound", "note"])),
        body_html=draw(texts),
        sender=draw(st.sampled_from([USER, CONTACT])),
        created_at=draw(moments),
        attachments=draw(st.sampled_from([(), (draw(files),)])),
        is_forward=draw(st.booleans()),
    )
    return Ticket(
        id=42,
        ulid=ULID,
        subject=draw(texts),
        status=draw(st.sampled_from(["open", "closed", "spam"])),
        channel=CHANNEL,
        assignee=draw(st.sampled_from([None, USER])),
        contact=CONTACT,
        tags=draw(st.sampled_from([(), (TAG,)])),
        latest_message_preview=draw(st.none() | texts),
        summary=draw(st.none() | texts),
        created_at=BORN,
        updated_at=draw(moments),
        last_activity_at=draw(moments),
        messages=draw(st.sampled_from([(), (message,)])),
        activities=(
            Activity(draw(texts.filter(bool)), draw(st.sampled_from([None, USER])), draw(moments)),
        ),
    )


tokens = st.builds(
    Token,
    st.just("12|abc"),
    st.just(5),
    st.sampled_from(["active", "expired", "revoked"]),
    st.booleans(),
)


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ticket=tickets(), token=tokens, name=texts.filter(bool))
def test_every_field_of_every_record_survives(
    tmp_path: Path, ticket: Ticket, token: Token, name: str
) -> None:
    nouns: dict[str, Any] = {"channels": (CHANNEL,), "tags": (TAG,), "contacts": (CONTACT,)}
    workspace = Workspace(
        8, name, users=(USER,), tokens=(token,), tickets=[ticket], ticket_count=1, **nouns
    )

    assert reseeded(tmp_path / "kept.yaml", [workspace]) == [workspace]
