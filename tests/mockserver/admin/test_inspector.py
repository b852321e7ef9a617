import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mockserver.admin.inspector.formatting import ago, initials
from tests.support.harness import WORLD_FILE, Api

SUBJECT = re.compile(r'<a class="subject" id="ticket-(\d+)"')


@pytest.fixture
def look(seeded_app: Flask, world_name: str, ann: Api) -> Callable[..., TestResponse]:
    """Open the inspector on the test's own world."""
    ann.page()  # opens the world

    def open_page(query: str = "", **options: str) -> TestResponse:
        return seeded_app.test_client().get(f"/?world={world_name}&{query}", **options)

    return open_page


def subjects(page: TestResponse) -> list[int]:
    assert page.status_code == 200, page.text
    return [int(id) for id in SUBJECT.findall(page.text)]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "filter[status]=open,spam&sort=created_at",
        "filter[assigned_to_me]=true",
        "per_page=2&page=2",
    ],
)
def test_it_lists_what_the_api_lists(
    look: Callable[..., TestResponse], ann: Api, query: str
) -> None:
    assert subjects(look(query)) == ann.ids(query)


def test_an_empty_field_of_the_form_filters_nothing(look: Callable[..., TestResponse]) -> None:
    everything = subjects(look())
    assert subjects(look("filter[status]=&filter[search]=&filter[tag_ids]=")) == everything != []


def test_it_shows_the_request_behind_the_list(look: Callable[..., TestResponse]) -> None:
    page = look("filter[status]=open&as=ben").text

    assert "GET /api/tickets?filter[status]=open<" in page
    [command] = re.findall(
        r'id="copy-list" data-copy="([^"]*)"', unescape(page).replace("&#39;", "'")
    )
    assert "/api/tickets?filter[status]=open'" in command
    assert "Authorization: Bearer ben@test-" in command


def test_a_command_to_copy_survives_a_search_that_the_shell_would_run(
    look: Callable[..., TestResponse],
) -> None:
    page = look("filter[search]=%24%28reboot%29%27%3B").text
    assert "'http://localhost/api/tickets?filter[search]=%24%28reboot%29%27%3B'" in unescape(page)


def test_it_looks_with_the_eyes_of_the_agent_chosen(look: Callable[..., TestResponse]) -> None:
    assert subjects(look("as=zoe")) == [50]
    assert subjects(look("as=ben&filter[assigned_to_me]=1")) == [3, 6]


@pytest.mark.parametrize("plain", ["", "nobody", "old", "withdrawn"])
def test_without_a_token_that_works_it_looks_as_the_first_who_may_write(
    look: Callable[..., TestResponse], plain: str
) -> None:
    assert '<option value="ann" selected>' in look(f"as={plain}").text


def test_a_ticket_is_shown_with_its_thread_and_its_log_in_the_order_of_time(
    look: Callable[..., TestResponse],
) -> None:
    page = look("ticket=1").text
    places = [
        page.index(text) for text in ("The link expired.", "Try the new one.", "status changed")
    ]
    assert places == sorted(places)


def test_html_in_a_ticket_is_text_on_the_page(
    seeded_app: Flask, world_name: str, look: Callable[..., TestResponse]
) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    letter = {
        "subject": hostile,
        "body_html": hostile,
        "contact": {"email": "a@b", "name": hostile},
    }
    reply = seeded_app.test_client().post(f"/_mock/worlds/{world_name}/tickets", json=letter)
    id = reply.json["ticket"]["id"]  # type: ignore[index]  # JSON

    for page in (look().text, look(f"ticket={id}").text):
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("filter[state]=open", 400, "Requested filter(s) `state` are not allowed."),
        ("ticket=9999", 404, "No query results"),
        ("ticket=50", 404, "No query results"),
        ("ticket=-1", 404, "is not a valid ticket id"),
        ("ticket=9" * 20, 404, "is not a valid ticket id"),
    ],
)
def test_what_cannot_be_shown_is_told_in_the_words_of_the_api(
    look: Callable[..., TestResponse], query: str, status: int, text: str
) -> None:
    page = look(query)
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert text in unescape(page.text)
    assert 'role="alert"' in page.text


def test_a_world_that_is_not_there_is_not_opened_by_looking(seeded_app: Flask) -> None:
    page = seeded_app.test_client().get("/?world=never-opened")

    assert page.status_code == 404
    assert "There is no world 'never-opened'." in unescape(page.text)
    assert seeded_app.test_client().get("/_mock/worlds/never-opened").status_code == 404


def test_looking_leaves_no_trace_in_the_journal(
    seeded_app: Flask, look: Callable[..., TestResponse], world_name: str
) -> None:
    before = len(seeded_app.extensions["journal"].read(world_name))
    look("ticket=1")
    assert len(seeded_app.extensions["journal"].read(world_name)) == before


def test_a_fault_does_not_befall_the_inspector(
    seeded_app: Flask, look: Callable[..., TestResponse], world_name: str, ann: Api
) -> None:
    faults = seeded_app.extensions["faults"]
    faults.add(world_name, faults.parse("error=500"))

    assert ann.get("/api/tickets").status_code == 500
    page = look()
    assert subjects(page)
    assert "<code>error=500</code>" in page.text


def test_its_policy_lets_no_inline_script_run_and_nothing_load_from_elsewhere(
    look: Callable[..., TestResponse],
) -> None:
    page = look("ticket=1")
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in page.headers["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src", "img-src")} == {
        "'self'"
    }
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|\sstyle=", page.text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page.text)


def test_every_file_that_the_page_names_is_there(
    seeded_app: Flask, look: Callable[..., TestResponse]
) -> None:
    left = set(re.findall(r'(?:src|href)="(/inspector/[^"]+)"', look().text))
    seen = set()
    while left:
        name = left.pop()
        seen.add(name)
        with seeded_app.test_client().get(name) as file:
            assert file.status_code == 200, name
            named = re.findall(
                r'from "\./([\w.]+)"|"/inspector/([\w.]+)"', file.get_data(as_text=True)
            )
        left |= {f"/inspector/{here or there}" for here, there in named} - seen

    assert len(seen) >= 9


def test_a_page_of_another_origin_does_not_read_it(seeded_app: Flask) -> None:
    page = seeded_app.test_client().get("/", headers={"Origin": "https://elsewhere.example"})
    assert page.status_code == 403
    assert "ann" not in re.findall(r"data-copy=\"(\w+)", page.text)


def test_off_loopback_it_opens_with_the_admin_token(make_app: Callable[..., Flask]) -> None:
    client = make_app(world=WORLD_FILE, host="0.0.0.0", admin_token="key").test_client()

    asked = client.get("/")
    assert asked.status_code == 401
    assert 'id="key-form"' in asked.text
    assert client.get("/", headers={"X-Mock-Admin-Token": "wrong"}).status_code == 401
    assert "Password reset" in client.get("/", headers={"X-Mock-Admin-Token": "key"}).text


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-05-01T08:59:30+00:00", "now"),
        ("2026-05-01T08:01:00+00:00", "59 min"),
        ("2026-05-01T08:00:00+00:00", "1 h"),
        ("2026-05-01T11:00:00+02:00", "now"),
        ("2026-04-30T09:00:00+00:00", "1 d"),
        ("2026-04-24T09:00:00+00:00", "24 Apr"),
        ("2025-04-24T09:00:00+00:00", "24 Apr 2025"),
        ("2026-05-03T09:00:00+00:00", "3 May"),
    ],
)
def test_a_time_is_told_from_the_worlds_own_now(moment: str, said: str) -> None:
    from datetime import UTC, datetime

    assert ago(moment, datetime(2026, 5, 1, 9, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        ({"name": "Ann Mary Archer"}, "AA"),
        ({"name": "Plato"}, "P"),
        ({"name": None, "email": "no-name@mail.example"}, "NE"),
        ({"name": "山田 太郎"}, "山太"),
        ({"name": "…", "email": "x"}, "?"),
    ],
)
def test_a_person_without_a_picture_has_initials(person: dict[str, str], letters: str) -> None:
    assert initials(person) == letters
