"""Planting repeats to the byte, and gives exactly as many tickets as are wanted."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.errors import FixtureError
from mockserver.seed import build_workspaces, load_world
from mockserver.seed.records import Workspace

NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)

FINGERPRINT = """
import hashlib, sys
from datetime import UTC, datetime
if "faker" in sys.argv:
    import random
    from faker import Faker
    Faker.seed(99)
    Faker(["ja_JP", "de_DE"]).name()
    random.seed(4)
from mockserver.seed import load_world, build_workspaces
now = datetime(2026, 1, 2, tzinfo=UTC)
world = build_workspaces(load_world("demo"), seed=7, tickets=300, locale="de_DE", now=now)
digest = hashlib.sha256()
for workspace in world:
    digest.update(repr((workspace.users, workspace.contacts, workspace.tokens)).encode())
    for ticket in workspace.tickets:
        digest.update(repr(ticket).encode())
print(digest.hexdigest())
"""


def seeded(seed: int = 1, tickets: int | None = 60, **options: object) -> list[Workspace]:
    settings = {"locale": None, "now": NOW} | options
    return build_workspaces(load_world("demo"), seed=seed, tickets=tickets, **settings)  # type: ignore[arg-type]


def read(world: Iterable[Workspace]) -> list[Workspace]:
    return [replace(workspace, tickets=list(workspace.tickets)) for workspace in world]


def fingerprint(*arguments: str, **variables: str) -> str:
    environment = os.environ | variables
    command = [sys.executable, "-W", "error", "-c", FINGERPRINT, *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_two_processes_plant_the_same_world_whatever_else_they_do() -> None:
    other = {"PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    assert fingerprint(PYTHONHASHSEED="1") == fingerprint("faker", **other)


def test_reading_a_world_again_gives_the_same_tickets() -> None:
    world = seeded()

    assert read(world) == read(world) == read(seeded())


@pytest.mark.parametrize(
    "other", [{"seed": 2}, {"locale": "de_DE"}, {"now": NOW - timedelta(days=1)}], ids=str
)
def test_seed_locale_and_clock_each_make_another_world(other: dict[str, object]) -> None:
    assert read(seeded())[0].tickets != read(seeded(**other))[0].tickets


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 400))
def test_a_workspace_holds_exactly_the_wanted_tickets(wanted: int) -> None:
    ours, theirs = seeded(tickets=wanted)
    ids = [ticket.id for ticket in ours.tickets]

    assert len(ids) == ours.ticket_count == max(wanted, 27)
    assert all(before < after for before, after in pairwise(ids))
    assert theirs.ticket_count == len(list(theirs.tickets)) == 40


def test_a_locale_changes_names_and_places_but_not_the_language() -> None:
    ours = seeded(tickets=120, locale="ja_JP")[0]
    strangers = [contact for contact in ours.contacts if contact.id > 1000 and contact.name]
    bodies = [message.body_html for ticket in ours.tickets for message in ticket.messages]

    assert all(not contact.name.isascii() for contact in strangers if contact.name)
    assert all(contact.email.isascii() for contact in strangers)
    assert any("Kind regards" in body for body in bodies)


def test_a_locale_may_be_written_with_a_hyphen() -> None:
    assert read(seeded(locale="de-DE")) == read(seeded(locale="de_DE"))


@pytest.mark.parametrize(
    ("locale", "remedy"), [("de_XX", "did you mean de_AT, de_CH"), ("tlh", "use one such as en_US")]
)
def test_an_unknown_locale_is_refused(locale: str, remedy: str) -> None:
    with pytest.raises(FixtureError, match=f"locale '{locale}'.*{remedy}"):
        seeded(locale=locale)


def test_global_chance_is_left_alone() -> None:
    import random

    random.seed(5)
    read(seeded())

    assert random.random() == Random(5).random()


def world_of(tmp_path: Path, *generates: str, ticket: int = 3) -> Path:
    people = """
    users: [{{id: {0}, name: A, email: a{0}@example.com}}]
    channels: [{{id: {0}, name: Mail}}]
    contacts: [{{id: {0}, email: c{0}@example.com}}]
    tickets: [{{id: {1}, subject: One, contact: {0}}}]
"""
    lines = ["workspaces:"]
    for number, generate in enumerate(generates, 1):
        lines.append(f"  - name: W{number}")
        lines.append(people.format(number, ticket + number).rstrip().lstrip("\n"))
        lines.append(f"    generate: {generate}")
    path = tmp_path / "world.yaml"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize(
    ("generates", "problem"),
    [
        (
            ["{tickets: 10, first_id: 1}"],
            r"workspaces\[0\].generate.first_id: .*the file already has ticket 4",
        ),
        (
            ["{tickets: 10, first_id: 100}", "{tickets: 10, first_id: 105}"],
            r"workspaces\[1\].generate.first_id: .*workspaces\[0\] generates some",
        ),
    ],
)
def test_generated_ids_may_not_meet_others(
    tmp_path: Path, generates: list[str], problem: str
) -> None:
    world = load_world(world_of(tmp_path, *generates))

    with pytest.raises(FixtureError, match=problem):
        build_workspaces(world, seed=1, tickets=None, locale=None, now=NOW)


def test_workspaces_that_generate_share_out_the_ids(tmp_path: Path) -> None:
    world = load_world(world_of(tmp_path, "{tickets: 1500}", "{tickets: 30, contacts: 1}"))
    one, two = build_workspaces(world, seed=1, tickets=None, locale=None, now=NOW)
    first, second = [t.id for t in one.tickets], [t.id for t in two.tickets]

    assert not set(first) & set(second)
    assert first[:3] == [4, 1001, 1002]
    assert second[:3] == [5, 3001, 3002]
    assert len(two.contacts) == 2


def test_days_bound_the_age_of_generated_tickets(tmp_path: Path) -> None:
    world = load_world(world_of(tmp_path, "{tickets: 50, days: 2}"))
    (one,) = build_workspaces(world, seed=1, tickets=None, locale=None, now=NOW)

    ages = [NOW - ticket.created_at for ticket in one.tickets]
    assert timedelta(days=1) < max(ages) <= timedelta(days=2)


def test_a_mock_with_the_default_locale_starts_without_what_only_others_need() -> None:
    code = "import sys, mockserver.server.cli; from mockserver.app import create_app; create_app();"
    code += "unwanted = ('faker', 'PIL', 'schemathesis', 'urllib3');"
    code += "print([name for name in unwanted if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(("name", "written"), [("small", 12), ("empty", 0)])
def test_a_number_of_tickets_is_refused_where_none_are_generated(name: str, written: int) -> None:
    with pytest.raises(FixtureError, match=rf"cannot be 10, .*{written} in its file; leave"):
        build_workspaces(load_world(name), seed=1, tickets=10, locale=None, now=NOW)
