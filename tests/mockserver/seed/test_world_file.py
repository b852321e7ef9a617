"""World files: what may be left out, and how a mistake is reported."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.errors import FixtureError
from mockserver.seed import build_workspaces, load_world
from mockserver.seed.records import Ticket

NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)

GOOD = """
workspaces:
  - name: Shop
    users:
      - {id: 5, name: Jane, email: jane@example.com, token: jane}
      - {id: 6, name: Omar, email: omar@example.com, tokens: [{token: omar}]}
    channels: [{id: 1, name: Support}, {id: 2, name: Chat}, {id: 3, name: Sales}]
    tags: [{id: 3, name: urgent}]
    contacts: [{id: 12, email: john@example.com}]
    tickets:
      - id: 42
        subject: Hello
        contact: 12
        channel: 2
        tags: [3]
        created_at: -3d
        messages:
          - {id: 101, text: Good morning.}
          - {user: 5, text: "Good morning,\\n\\nJohn < Jane", created_at: +2h,
             attachments: [{name: a.png}]}
        activities: [{type: assignee_changed, user: 5, created_at: +1h}]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    return path


def tickets(path: Path) -> list[Ticket]:
    world = build_workspaces(load_world(path), seed=1, tickets=None, locale=None, now=NOW)
    return [ticket for workspace in world for ticket in workspace.tickets]


def refusal(path: Path) -> str:
    with pytest.raises(FixtureError) as refused:
        tickets(path)
    return str(refused.value)


MISTAKES = [
    (
        "channel: 2",
        "channel: 9",
        "workspaces[0].tickets[0].channel: channel 9 does not exist; channels are 1, 2, 3",
    ),
    (
        "tags: [3]",
        "tags: [3, 4]",
        "workspaces[0].tickets[0].tags[1]: tag 4 does not exist; tags are 3",
    ),
    (
        "contact: 12",
        "contact: 13",
        "workspaces[0].tickets[0].contact: contact 13 does not exist; contacts are 12",
    ),
    (
        "tags: [3]",
        "assignee: 7",
        "workspaces[0].tickets[0].assignee: user 7 does not exist; users are 5, 6",
    ),
    (
        "user: 5, text",
        "user: 7, text",
        "workspaces[0].tickets[0].messages[1].user: user 7 does not exist",
    ),
    (
        "{id: 101,",
        "{contact: 7,",
        "workspaces[0].tickets[0].messages[0].contact: contact 7 does not exist",
    ),
    (
        "changed, user: 5",
        "changed, user: 7",
        "workspaces[0].tickets[0].activities[0].user: user 7 does not exist",
    ),
    (
        "subject: Hello",
        "subjct: Hello",
        "workspaces[0].tickets[0].subjct: unknown key; did you mean subject?",
    ),
    ("name: Shop", "nickname: Shop", "workspaces[0].nickname: unknown key; did you mean name?"),
    (
        "workspaces:",
        "colour: red\nworkspaces:",
        "colour: unknown key; there are name, description",
    ),
    ("contact: 12\n", "\n", "workspaces[0].tickets[0]: contact is missing; add it"),
    (
        "subject: Hello",
        "subject: 17",
        'workspaces[0].tickets[0].subject: 17 is not of type "string"; write it in quotes',
    ),
    ("contact: 12", "contact: twelve", 'workspaces[0].tickets[0].contact: "twelve" is not of type'),
    ("id: 42", "id: 0", "workspaces[0].tickets[0].id: 0 is less than the minimum of 1"),
    ("id: 42", "id: 9007199254740992", "workspaces[0].tickets[0].id: 9007199254740992 is greater"),
    (
        "id: 42",
        "id: 42\n        status: opne",
        "workspaces[0].tickets[0].status: unknown status 'opne'; statuses are open, closed, spam",
    ),
    (
        "id: 42",
        "id: 42\n        ulid: 01HX",
        'workspaces[0].tickets[0].ulid: "01HX" is not valid; write it like 01HX7Q2M4N8P9R0S1T',
    ),
    ("id: 6,", "id: 5,", "workspaces[0].users[1].id: workspaces[0].users[0] already has id 5"),
    (
        "[{id: 1,",
        "[{id: 2,",
        "workspaces[0].channels[1].id: workspaces[0].channels[0] already has id 2",
    ),
    (
        "{user: 5, text",
        "{id: 101, user: 5, text",
        "messages[1].id: workspaces[0].tickets[0].messages[0] already has id 101",
    ),
    (
        "{token: omar}",
        "{token: jane}",
        "workspaces[0].users[1].tokens[0].token: workspaces[0].users[0].token is already 'jane'",
    ),
    (
        "{token: omar}",
        "{token: om@r}",
        'workspaces[0].users[1].tokens[0].token: "om@r" is not valid; write it like jane-1',
    ),
    (
        "{token: omar}",
        "{token: omar, state: lost}",
        "users[1].tokens[0].state: 'lost' is not known; it is one of active, expired",
    ),
    (
        "email: omar@example.com",
        "email: omar",
        'workspaces[0].users[1].email: "omar" is not valid; write it like jane@example.com',
    ),
    (
        "created_at: -3d",
        "created_at: yesterday",
        "workspaces[0].tickets[0].created_at: 'yesterday' is not a valid time; write 2026",
    ),
    (
        "created_at: -3d",
        "created_at: +3d",
        "workspaces[0].tickets[0].created_at: '+3d' is relative to a ticket",
    ),
    (
        "created_at: +2h",
        "created_at: -4d",
        "workspaces[0].tickets[0].messages[1].created_at: 2026-05-16T15:00:00+00:00 is before the",
    ),
    (
        "created_at: +1h",
        "created_at: -4d",
        "workspaces[0].tickets[0].activities[0].created_at: 2026-05-16",
    ),
    (
        "created_at: -3d",
        "created_at: -3d\n        updated_at: -4d",
        "workspaces[0].tickets[0].updated_at: 2026-05-16",
    ),
    (
        "text: Good morning.",
        "is_forward: false",
        "workspaces[0].tickets[0].messages[0]: a message has either text or body_html",
    ),
    (
        "text: Good morning.",
        "text: a, body_html: b",
        "workspaces[0].tickets[0].messages[0]: a message has either text or body_html",
    ),
    (
        "{user: 5, text",
        "{user: 5, contact: 12, text",
        "messages[1]: a message has one sender; keep user or contact",
    ),
    (
        "{user: 5, text",
        "{type: note, text",
        "messages[1].user: the ticket has no assignee as the default sender; add user",
    ),
    (
        "[{name: a.png}]",
        "[{name: a.png, size: -1}]",
        "messages[1].attachments[0].size: -1 is less than",
    ),
    (
        "[{id: 1, name: Support}, {id: 2, name: Chat}, {id: 3, name: Sales}]",
        "[]",
        "tickets[0].channel: channel 2 does not exist; the workspace has no channels",
    ),
    (
        "name: Support}",
        "name: Support, color: blue}",
        'workspaces[0].channels[0].color: "blue" is not valid; write it like #3B82F6',
    ),
    (
        "name: Shop",
        "name: Shop\n    edge_cases: true",
        "workspaces[0].edge_cases: the edge cases need a channel, a user, and a user with left",
    ),
    (
        "name: Shop",
        "name: Shop\n    generate: {ticket: 3}",
        "workspaces[0].generate.ticket: unknown key; did you mean tickets?",
    ),
    (
        "name: Shop",
        "name: Shop\n    name: Store",
        "line 4, column 5: 'name' is a duplicate key; keep one",
    ),
    ("name: Shop", "name: {Shop: 1}", 'workspaces[0].name: {"Shop":1} is not of type "string"'),
    (
        "workspaces:",
        "workspace:",
        "workspace: unknown key; did you mean workspaces? | the file: workspaces is missing; add",
    ),
    (
        "workspaces:",
        "extends: {world: small}\nworkspaces:",
        "the file: workspaces and extends exclude each other; keep one",
    ),
    (
        "workspaces:",
        "collections: {api/teams: []}\nworkspaces:",
        'collections: "api/teams" is not valid; write it like /api/teams',
    ),
    ("    users:", "\tusers:", "line 4, column 1: a tab; indent with spaces"),
    ("name: Shop", "name: [Shop", "not valid YAML: line"),
    ("name: Shop", "name: *shop", "not valid YAML: line 3, column 11"),
]


BOMB = "a0: &a0 [1, 2, 3]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(("good", "bad", "report"), MISTAKES, ids=[bad for _, bad, _ in MISTAKES])
def test_a_mistake_names_file_field_and_remedy(
    tmp_path: Path, good: str, bad: str, report: str
) -> None:
    assert good in GOOD
    message = refusal(written(tmp_path, GOOD.replace(good, bad, 1)))

    assert message.startswith("mine.yaml: ")
    assert report in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("", "the file: it is empty; add workspaces"),
        ("[]", "the file: write keys and values"),
        ("name: x", "the file: workspaces is missing; add it"),
        ("workspaces: []", "workspaces: [] has less than 1 item"),
        ("seed: 9007199254740992\nworkspaces: [{name: A}]", "seed: 9007199254740992 is greater"),
        ('name: "\\uD800"\nworkspaces: [{name: A}]', "not valid YAML: line 1"),
        ("workspaces: &a [*a]", "not plain YAML data"),
        ("workspaces: !!python/object:os.system {}", "not valid YAML"),
        ("1: 2", "line 1, column 1: keys must be strings"),
        ("workspaces: [{name: A, 2: b}]", "line 1, column 24: keys must be strings"),
        (
            "workspaces: [{name: A, generate: {tickets: 1}}]",
            "generate: generated tickets need users",
        ),
        ("\x00", "not valid YAML"),
        (BOMB, "aliases repeat more than 100,000 values"),
        ("a: " + "[" * 31, "column 33: nested more than 30 levels"),
        ("- " * 31, "column 61: nested more than 30 levels"),
        ("a: " + "[" * 100_000, "nest"),  # the words differ between versions of libyaml
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_world_file_at_all_is_refused(tmp_path: Path, text: str, report: str) -> None:
    message = refusal(written(tmp_path, text))

    assert message.startswith("mine.yaml: ")
    assert report in message


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes("name: Müller".encode("latin-1"))

    assert refusal(path).startswith("mine.yaml: not valid YAML")


def test_two_galleries_are_one_too_many(tmp_path: Path) -> None:
    people = """
    users:
      - {{id: {0}, name: A, email: a@example.com}}
      - {{id: {0}1, name: B, email: b@example.com, left: true}}
    channels: [{{id: {0}, name: Mail}}]
    edge_cases: true
"""
    text = "workspaces:\n" + "".join(f"  - name: W{n}{people.format(n)}" for n in (1, 2))

    assert "workspaces[1].edge_cases: its ids are fixed" in refusal(written(tmp_path, text))


def test_an_unknown_name_lists_the_worlds_there_are() -> None:
    with pytest.raises(
        FixtureError, match=r"nowhere: the world does not exist; .* demo, empty, small"
    ):
        load_world("nowhere")


def test_a_folder_is_no_world(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="is a folder; give the path of a world file"):
        load_world(tmp_path)


def test_five_mistakes_are_told_at_once(tmp_path: Path) -> None:
    mistakes = "".join(f"  - {{nam: Shop, nr: {number}}}\n" for number in range(3))
    message = refusal(written(tmp_path, f"workspaces:\n{mistakes}"))
    assert message.count(" | ") == 4
    assert message.count("did you mean name?") == 3
    assert message.endswith(" (and 4 more)")


def test_statuses_may_come_from_the_contract(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("id: 42", "id: 42\n        status: waiting"))

    assert load_world(path, statuses=["open", "waiting"]).workspaces[0]["tickets"][0]["status"]


def test_what_is_left_out_is_derived(tmp_path: Path) -> None:
    (ticket,) = tickets(written(tmp_path, GOOD))
    first, second = ticket.messages
    born = NOW - timedelta(days=3)

    assert (ticket.status, ticket.assignee, ticket.summary) == ("open", None, None)
    assert ticket.created_at == first.created_at == born
    assert ticket.updated_at == ticket.last_activity_at == born + timedelta(hours=2)
    assert ticket.latest_message_preview == "Good morning, John < Jane"
    assert (first.type, first.sender) == ("inbound", ticket.contact)
    assert (second.type, second.id) == ("outbound", 1)
    assert second.body_html == "<p>Good morning,</p><p>John &lt; Jane</p>"
    assert second.attachments[0].mime_type == "image/png"
    assert len({ticket.ulid, first.ulid, second.ulid, ticket.contact.ulid}) == 4


def test_messages_without_times_follow_each_other_and_end_before_now(tmp_path: Path) -> None:
    messages = ", ".join(f"{{text: m{number}}}" for number in range(20))
    text = (
        GOOD.partition("        messages:")[0].replace("-3d", "-2h")
        + f"        messages: [{messages}]"
    )
    (ticket,) = tickets(written(tmp_path, text))
    times = [message.created_at for message in ticket.messages]

    assert [message.body_html for message in ticket.messages][::19] == ["<p>m0</p>", "<p>m19</p>"]
    assert len(set(times)) == 20
    assert times == sorted(times)
    assert times[-1] < NOW


def test_a_clock_set_back_excuses_times_before_creation(tmp_path: Path) -> None:
    text = GOOD.replace("created_at: +2h", "created_at: -4d").replace(
        "id: 42", "id: 42\n        clock_set_back: true"
    )
    (ticket,) = tickets(written(tmp_path, text))

    assert min(message.created_at for message in ticket.messages) < ticket.created_at


@pytest.mark.parametrize("text", ["no", "10:30", "010", "2026-01-31", "1_000", "1.5", "off"])
def test_words_that_yaml_often_mistakes_stay_words(tmp_path: Path, text: str) -> None:
    (ticket,) = tickets(written(tmp_path, GOOD.replace("Hello", text)))

    assert ticket.subject == text


def test_name_seed_and_locale_are_told(tmp_path: Path) -> None:
    world: Any = load_world(written(tmp_path, "seed: 4\nlocale: de_DE\n" + GOOD))

    assert (world.name, world.seed, world.locale) == ("mine", 4, "de_DE")


def test_a_mistake_is_shown_short(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, GOOD.replace("id: 42", f"id: {'x' * 5000}")))

    assert len(message) < 300
    assert "…" in message
