"""A world exported as its changes: small, readable, and the same world when it is imported."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import create_app
from mockserver.config import Config
from tests.support.admin import AdminClient, everything
from tests.support.harness import CLOCK, WORLD_FILE, MakeApp

_numbers = count(1)


@pytest.fixture(scope="module")
def admin() -> Iterator[AdminClient]:
    app = create_app(Config(world=WORLD_FILE, clock=CLOCK))
    yield AdminClient(app)
    app.extensions["store"].close()


def put_back(admin: AdminClient, world: str, data: bytes) -> None:
    where = f"/_mock/worlds/{world}"
    reply = admin.app.test_client().put(where, data=data, content_type="application/yaml")
    assert reply.status_code == 200, reply.text


def test_the_export_of_one_changed_ticket_is_short_and_says_what_changed(
    make_app: MakeApp,
) -> None:
    admin = AdminClient(make_app())
    admin.api("jane@w").put("/api/tickets/42/status", {"status": "closed"})
    text = admin.export("w").decode()
    assert (
        text
        == """\
name: w
extends:
  world: demo
  seed: 1
  clock: '2026-05-01T09:00:00+00:00'
changes:
  tickets:
  - id: 42
    status: closed
    updated_at: '2026-05-01T09:00:00+00:00'
    activities:
    - type: status_changed
      user: 5
      created_at: '2026-05-01T09:00:00+00:00'
"""
    )
    assert len(admin.export("w", "?full=true")) > 100 * len(text)


def test_a_world_without_changes_only_names_what_it_extends(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world="small", seed=7, locale="de_DE"))
    found = yaml.safe_load(admin.export("shared"))
    extends = {"world": "small", "seed": 7, "locale": "de_DE", "clock": "2026-05-01T09:00:00+00:00"}
    assert found == {"name": "shared", "extends": extends}


def test_a_server_starts_with_the_changes_whatever_its_own_options(
    make_app: MakeApp, tmp_path: Path
) -> None:
    admin = AdminClient(make_app(tickets=60, seed=3))
    admin.json("POST", "/worlds/w/activity/actions", {"count": 40})
    file = tmp_path / "saved.yaml"
    file.write_bytes(admin.export("w"))
    started = AdminClient(make_app(world=str(file), seed=9, clock="2027-01-01T00:00:00Z"))
    assert everything(started.api("jane")) == everything(admin.api("jane@w"))


def status(admin: AdminClient, world: str, ticket: int, number: int) -> None:
    body = {"status": ("open", "closed", "spam")[number % 3]}
    admin.api(f"ann@{world}").put(f"/api/tickets/{ticket}/status", body)


def assignee(admin: AdminClient, world: str, ticket: int, number: int) -> None:
    body = {"user_id": (None, 1, 2)[number % 3]}
    admin.api(f"ann@{world}").put(f"/api/tickets/{ticket}/assignee", body)


def arrive(admin: AdminClient, world: str, _: int, number: int) -> None:
    body = {"contact": {"email": f"new{number}@b.example"}, "subject": f"Ünï {number}"}
    admin.json("POST", f"/worlds/{world}/tickets", body)


def reply(admin: AdminClient, world: str, ticket: int, _: int) -> None:
    admin.json("POST", f"/worlds/{world}/tickets/{ticket}/reply", {})


def note(admin: AdminClient, world: str, ticket: int, _: int) -> None:
    admin.json("POST", f"/worlds/{world}/tickets/{ticket}/note", {})


def tag(admin: AdminClient, world: str, ticket: int, number: int) -> None:
    method = ("PUT", "DELETE")[number % 2]
    admin.request(method, f"/worlds/{world}/tickets/{ticket}/tags/12")


def set_clock(admin: AdminClient, world: str, _: int, number: int) -> None:
    admin.json("PUT", f"/worlds/{world}/clock", {"now": f"20{20 + number}-05-01T09:00:00Z"})


Step = tuple[Callable[..., None], int, int]
ACTIONS = (status, assignee, arrive, reply, note, tag, set_clock)
steps = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(1, 6), st.integers(0, 9)), max_size=8
)


def run(admin: AdminClient, world: str, taken: list[Step]) -> None:
    for action, ticket, number in taken:
        action(admin, world, ticket, number)


def contents(admin: AdminClient, world: str) -> Any:
    whole = yaml.safe_load(admin.export(world, "?full=true")) | {"name": ""}
    return whole, everything(admin.api(f"ann@{world}")), everything(admin.api(f"zoe@{world}"))


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(first=steps, second=steps)
def test_an_imported_export_is_the_same_world_also_after_further_changes(
    admin: AdminClient, first: list[Step], second: list[Step]
) -> None:
    number = next(_numbers)
    one, two, three = f"one-{number}", f"two-{number}", f"three-{number}"
    run(admin, one, first)
    put_back(admin, two, admin.export(one))
    assert contents(admin, two) == contents(admin, one)
    run(admin, two, second)
    exported = admin.export(two)
    assert "extends" not in yaml.safe_load(exported)["extends"]["world"]
    put_back(admin, three, exported)
    assert contents(admin, three) == contents(admin, two)
    for name in (one, two, three):
        admin.request("DELETE", f"/worlds/{name}")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("extends: {world: nowhere}", "nowhere: the world does not exist"),
        ("extends: {world: small}\nworkspaces: [{name: X}]", "workspaces"),
        ("extends: {world: {workspaces: []}}", "extends.world: workspaces"),
        (
            "extends: {world: small}\nchanges: {tickets: [{id: 1, colour: red}]}",
            "changes.tickets[0].colour: unknown key; there are id",
        ),
        (
            "extends: {world: small}\nchanges: {tickets: [{id: 1, channel: 77}]}",
            "changes.tickets[0].channel: channel 77 does not exist; channels are 1",
        ),
        (
            "extends: {world: small}\nchanges: {tickets: [{id: 777, status: open}]}",
            "there is no ticket 777 to change",
        ),
        (
            "extends: {world: small}\nchanges: {tickets: [{id: 1, status: ajar}]}",
            "changes.tickets[0].status: unknown status 'ajar'",
        ),
        (
            "extends: {world: small}\nchanges: {tickets: [{id: 900, workspace: 1}]}",
            "subject is missing; add it",
        ),
        (
            "extends: {world: small}\nchanges: {tickets: [{id: 1}, {id: 1}]}",
            "changes.tickets[1]: ticket 1 is at [0] too; keep one",
        ),
        (
            "extends: {world: small}\nchanges: {tickets: [{id: 1, messages: [{text: a}]}]}",
            "changes.tickets[0].messages[0]: id is missing; add it",
        ),
        (
            "extends: {world: small}\nchanges: {contacts: [{workspace: 9, id: 5, email: a@b.c}]}",
            "there is no workspace 9",
        ),
    ],
)
def test_a_mistake_in_a_file_of_changes_is_told_in_one_line(
    admin: AdminClient, data: str, complaint: str
) -> None:
    refused = admin.app.test_client().put(
        "/_mock/worlds/bad", data=data, content_type="application/yaml"
    )
    assert refused.status_code == 422, refused.text
    assert complaint in refused.json["message"]
