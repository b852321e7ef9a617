import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
import pytest

from mockserver.contract import resources
from mockserver.contract.operations import Contract

# The examples as the vendor's page prints them, values cut off where the page cuts them off.
DOCUMENTED = {
    "list-tickets": """
{
    "data": [
        {
            "id": 42,
            "ulid": "01HX9F3K2M...",
            "subject": "Cannot reset my password",
            "status": "open",
            "channel": { "id": 1, "name": "Support", "type": "email", "color": "#3b82f6" },
            "assignee": {
                "id": 5,
                "name": "Jane Smith",
                "email": "jane@example.com",
                "avatar_url": null,
                "timezone": "UTC"
            },
            "contact": {
                "id": 12,
                "ulid": "01HX9F3K2N...",
                "name": "John Doe",
                "email": "john@customer.com",
                "avatar_url": null
            },
            "tags": [{ "id": 3, "ulid": "01HX9F3K2P...", "name": "urgent", "color": "red" }],
            "latest_message_preview": "I tried clicking the link but...",
            "summary": null,
            "created_at": "2025-06-01T10:30:00+00:00",
            "updated_at": "2025-06-02T14:15:00+00:00"
        }
    ],
    "links": { "first": "...", "last": "...", "prev": null, "next": "..." },
    "meta": { "current_page": 1, "last_page": 5, "per_page": 10, "total": 48 }
}
""",
    "get-ticket": """
{
    "ticket": {
        "id": 42,
        "ulid": "01HX9F3K2M...",
        "subject": "Cannot reset my password",
        "status": "open",
        "channel": { "id": 1, "name": "Support", "type": "email", "color": "#3b82f6" },
        "assignee": null,
        "contact": {
            "id": 12,
            "ulid": "01HX9F3K2N...",
            "name": "John Doe",
            "email": "john@customer.com",
            "avatar_url": null
        },
        "tags": [],
        "latest_message_preview": "I tried clicking the link but...",
        "summary": null,
        "created_at": "2025-06-01T10:30:00+00:00",
        "updated_at": "2025-06-02T14:15:00+00:00",
        "messages": [
            {
                "id": 101,
                "ulid": "01HX9F3K2Q...",
                "type": "inbound",
                "body_html": "<p>I tried clicking the link but it expired.</p>",
                "sender": {
                    "id": 12,
                    "type": "contact",
                    "name": "John Doe",
                    "email": "john@customer.com",
                    "avatar_url": null
                },
                "attachments": [],
                "is_forward": false,
                "created_at": "2025-06-01T10:30:00+00:00"
            }
        ],
        "activities": [
            {
                "type": "status_changed",
                "user": { "id": 5, "name": "Jane Smith" },
                "created_at": "2025-06-02T14:15:00+00:00"
            }
        ]
    }
}
""",
}
OPERATIONS = {"list-tickets": "listTickets", "get-ticket": "getTicket"}
CUT_OFF = {"ulid", "first", "last", "next"}
NULLABLE = {
    "list-tickets": {
        "data/0/assignee",
        "data/0/assignee/avatar_url",
        "data/0/assignee/timezone",
        "data/0/contact/name",
        "data/0/contact/avatar_url",
        "data/0/latest_message_preview",
        "data/0/summary",
        "links/prev",
        "links/next",
    },
    "get-ticket": {
        "ticket/assignee",
        "ticket/contact/name",
        "ticket/contact/avatar_url",
        "ticket/latest_message_preview",
        "ticket/summary",
        "ticket/messages/0/sender/name",
        "ticket/messages/0/sender/avatar_url",
        "ticket/activities/0/user",
    },
}

Check = Callable[[str, Any], bool]


def read(name: str) -> Any:
    return json.loads((resources.examples() / f"{name}.json").read_text())


def leaves(node: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value that holds no other, with its place, in order."""
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in children:
        inner = f"{place}/{key}".removeprefix("/")
        if isinstance(child, dict | list) and child:
            yield from leaves(child, inner)
        else:
            yield inner, child


def completes(place: str, shown: Any, ours: Any) -> bool:
    """Whether `ours` is the shown value, or the whole of one that the page cuts off."""
    if place.rsplit("/", 1)[-1] in CUT_OFF and isinstance(shown, str):
        return str(ours).startswith(shown.removesuffix("...")) and not ours.endswith("...")
    return type(ours) is type(shown) and bool(ours == shown)


def places(node: Any, place: str = "") -> Iterator[str]:
    """Yield the place of every key in `node`, outer before inner."""
    children: list[tuple[Any, Any]] = []
    if isinstance(node, dict):
        children = list(node.items())
        yield from (f"{place}/{key}".removeprefix("/") for key in node)
    elif isinstance(node, list):
        children = list(enumerate(node))
    for key, child in children:
        yield from places(child, f"{place}/{key}")


def changed(name: str, place: str, change: Callable[[Any, str], None]) -> Any:
    """Return the example after `change(parent, key)` at `place`."""
    example = deepcopy(read(name))
    *outer, key = place.split("/")
    parent = example
    for part in outer:
        parent = parent[int(part)] if isinstance(parent, list) else parent[part]
    change(parent, key)
    return example


def value(new: Any) -> Callable[[Any, str], None]:
    def change(parent: Any, key: str) -> None:
        parent[key] = new

    return change


def remove(parent: Any, key: str) -> None:
    del parent[key]


PLACES = [(name, place) for name in DOCUMENTED for place in places(read(name))]


@pytest.fixture(scope="module")
def valid() -> Check:
    """Whether a body is what the operation behind an example answers; formats count."""
    contract = Contract.load()
    validators = {
        name: jsonschema_rs.Draft202012Validator(
            contract.standalone(contract.operations[operation].responses[200] or {}),
            validate_formats=True,
        )
        for name, operation in OPERATIONS.items()
    }
    return lambda name, body: validators[name].is_valid(body)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_an_example_is_the_documented_one_made_complete(name: str) -> None:
    page, ours = dict(leaves(json.loads(DOCUMENTED[name]))), dict(leaves(read(name)))
    assert list(ours) == list(page)
    assert [place for place in page if not completes(place, page[place], ours[place])] == []


@pytest.mark.parametrize("name", DOCUMENTED)
def test_an_example_is_what_the_contract_describes(name: str, valid: Check) -> None:
    assert valid(name, read(name))


def test_both_examples_are_of_the_same_ticket_and_contact() -> None:
    row, ticket = read("list-tickets")["data"][0], read("get-ticket")["ticket"]
    assert row["ulid"] == ticket["ulid"]
    assert row["contact"] == ticket["contact"]


@pytest.mark.parametrize(("link", "page"), [("first", "1"), ("last", "5"), ("next", "2")])
def test_a_link_asks_the_documented_host_for_its_page_with_the_query_of_the_example(
    link: str, page: str
) -> None:
    url = urlsplit(read("list-tickets")["links"][link])
    assert (url.scheme, url.netloc, url.path) == ("https", "app.therethere.com", "/api/tickets")
    assert parse_qs(url.query) == {
        "filter[status]": ["open"],
        "sort": ["-updated_at"],
        "per_page": ["10"],
        "page": [page],
    }


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_every_documented_field_is_required(name: str, place: str, valid: Check) -> None:
    assert not valid(name, changed(name, place, remove))


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_null_stands_only_where_there_is_evidence_for_it(
    name: str, place: str, valid: Check
) -> None:
    assert valid(name, changed(name, place, value(None))) == (place in NULLABLE[name])


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_a_value_of_another_type_is_refused(name: str, place: str, valid: Check) -> None:
    assert not valid(name, changed(name, place, value(0.5)))


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("list-tickets", "extra"),
        ("list-tickets", "meta/from"),
        ("list-tickets", "data/0/team"),
        ("list-tickets", "data/0/assignee/ulid"),
        ("get-ticket", "ticket/last_activity_at"),
        ("get-ticket", "ticket/messages/0/cc_recipients"),
        ("get-ticket", "ticket/activities/0/description"),
        ("get-ticket", "ticket/activities/0/user/email"),
    ],
)
def test_an_undocumented_field_is_allowed(name: str, place: str, valid: Check) -> None:
    assert valid(name, changed(name, place, value("anything")))


@pytest.mark.parametrize(
    ("place", "good"),
    [
        ("ticket/created_at", "2025-06-01T12:30:00+02:00"),
        ("ticket/created_at", "2025-06-01T10:30:00.000000Z"),
        ("ticket/ulid", "01hx9f3k2m4q8v7t5r9w2x6y3z"),
        ("ticket/channel/type", "widget"),
        ("ticket/channel/color", "#3B82F6"),
        ("ticket/contact/avatar_url", "https://example.com/avatars/12.png?size=80"),
        ("ticket/messages/0/type", "outbound"),
        ("ticket/messages/0/type", "note"),
        ("ticket/messages/0/sender/type", "user"),
        ("ticket/activities/0/type", "assigned"),
    ],
)
def test_a_value_the_vendor_may_send_is_accepted(place: str, good: str, valid: Check) -> None:
    assert valid("get-ticket", changed("get-ticket", place, value(good)))


@pytest.mark.parametrize(
    ("place", "bad"),
    [
        ("ticket/created_at", "2025-06-01T10:30:00"),
        ("ticket/updated_at", "2025-06-02"),
        ("ticket/messages/0/created_at", "2025-06-31T10:30:00+00:00"),
        ("ticket/activities/0/created_at", "yesterday"),
        ("ticket/ulid", "01HX9F3K2M..."),
        ("ticket/ulid", "01HX9F3K2M4Q8V7T5R9W2X6Y3"),
        ("ticket/ulid", "01HX9F3K2M4Q8V7T5R9W2X6Y3ZZ"),
        ("ticket/ulid", "81HX9F3K2M4Q8V7T5R9W2X6Y3Z"),
        *(("ticket/contact/ulid", f"01HX9F3K2{letter}4Q8V7T5R9W2X6Y3Z") for letter in "ILOUilou-"),
        ("ticket/status", "Open"),
        ("ticket/status", "archived"),
        ("ticket/channel/color", "blue"),
        ("ticket/contact/avatar_url", "no address"),
        ("ticket/messages/0/sender/avatar_url", "//missing scheme"),
        ("ticket/messages/0/type", "draft"),
        ("ticket/messages/0/sender/type", "agent"),
    ],
)
def test_a_value_the_contract_rules_out_is_refused(place: str, bad: str, valid: Check) -> None:
    assert not valid("get-ticket", changed("get-ticket", place, value(bad)))
