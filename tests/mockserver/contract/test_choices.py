"""Every open question, each answer of it observed, and the contract kept under each."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from mockserver.contract.choices import choose, questions
from mockserver.contract.errors import ConfigError
from tests.support.harness import CLOCK, LIST_FIELDS, NOW, Api

Choosing = Callable[..., Api]


def status(api: Api, path: str) -> int:
    return api.get(path).status_code


def path_id(api: Api) -> Any:
    ulid = api.page("filter[search]=reset")["data"][0]["ulid"]
    return [status(api, f"/api/tickets/{key}") for key in ("1", ulid, ulid.lower())]


def ulid_case(api: Api) -> Any:
    ticket = api.ticket(1)
    nouns = [ticket, ticket["contact"], *ticket["tags"], *ticket["messages"]]
    assert len(nouns) == 6
    return {noun["ulid"].isupper() for noun in nouns}


def update_reply(api: Api) -> Any:
    return list(api.change(1, status="spam"))[len(LIST_FIELDS) :]


def absent_user_id(api: Api) -> Any:
    reply = api.put("/api/tickets/1/assignee", {})
    return reply.status_code, api.ticket(1)["assignee"] is None


def assignee_field(api: Api) -> Any:
    names = ("user_id", "assignee_id", "member_id")
    return [api.put("/api/tickets/1/assignee", {name: None}).status_code for name in names]


def pagination(api: Api) -> Any:
    pages = [api.get(path).json for path in ("/api/tickets", "/api/contacts")]
    return [sorted(page.keys() - {"data"}) for page in pages]


def me(api: Api) -> Any:
    return sorted(api.get("/api/me").json)


def tag_removal(api: Api) -> Any:
    reply = api.send("DELETE", "/api/tickets/1/tags/1")
    return reply.status_code, bool(reply.data), len(api.ticket(1)["tags"])


def unchanged_write(api: Api) -> Any:
    api.change(1, status="open")
    api.change(2, user_id=None)
    return [
        (ticket["updated_at"] == NOW, len(ticket["activities"]))
        for ticket in (api.ticket(1), api.ticket(2))
    ]


def page_invalid(api: Api) -> Any:
    return [status(api, f"/api/tickets?page={bad}") for bad in ("0", "abc", "1.5", "-1")]


def per_page_above_max(api: Api) -> Any:
    reply = api.get("/api/tickets?per_page=101")
    return reply.json.get("meta", {}).get("per_page"), reply.json.get("errors")


def per_page_invalid(api: Api) -> Any:
    replies = [api.get(f"/api/tickets?per_page={bad}") for bad in ("0", "-5", "abc", "")]
    return [r.json["meta"]["per_page"] if r.status_code == 200 else r.status_code for r in replies]


def link_query(api: Api) -> Any:
    return api.page("sort=created_at&per_page=5&filter[status]=open")["links"]["first"]


def meta_keys(api: Api) -> Any:
    return sorted(api.page()["meta"])


def unknown_status(api: Api) -> Any:
    reply = api.get("/api/tickets?filter[status]=open,pending")
    return reply.status_code, [ticket["id"] for ticket in reply.json.get("data", [])]


def unknown_query(api: Api) -> Any:
    return [status(api, f"/api/tickets?{q}") for q in ("filter[nope]=1", "sort=nope")]


def tag_match(api: Api) -> Any:
    return sorted(api.ids("filter[tag_ids]=1,2"))


def false_filter(api: Api) -> Any:
    mine, free = "filter[assigned_to_me]=false", "filter[unassigned]=false"
    return sorted(api.ids(mine)), sorted(api.ids(free))


def search(api: Api) -> Any:
    return [api.ids(f"filter[search]={term}") for term in ("reset password", "word res")]


def search_comma(api: Api) -> Any:
    return api.ids("filter[search]=stolen,twin")


def get_body(api: Api) -> Any:
    body = {"per_page": 2, "filter": {"status": ["open", "closed"]}}
    page: Any = api.get("/api/tickets?sort=created_at", json=body).json
    return len(page["data"]), "per_page" in page["links"]["first"]


def missing_text(api: Api) -> Any:
    return api.get("/api/tickets/9999").json["message"]


def foreign_ticket(api: Api) -> Any:
    return status(api, "/api/tickets/50"), status(api, "/api/tickets/9999")


def activity_order(api: Api) -> Any:
    api.change(1, user_id=None)
    return [activity["type"] for activity in api.ticket(1)["activities"]]


ALL = [1, 2, 3, 4, 5, 6]
TOO_MANY = {"per_page": ["The per page field must not be greater than 100."]}
MODEL = r"No query results for model [App\Models\Ticket] 9999"
DOCUMENTED = ["current_page", "last_page", "per_page", "total"]
KEPT = "http://localhost/api/tickets?sort=created_at&per_page=5&filter%5Bstatus%5D=open&page=1"

OBSERVED: dict[Callable[[Api], Any], dict[str, Any]] = {
    path_id: {"integer": [200, 404, 404], "ulid": [404, 200, 200], "either": [200, 200, 200]},
    ulid_case: {"upper": {True}, "lower": {False}},
    update_reply: {"ticket": [], "detail": ["messages", "activities"]},
    absent_user_id: {"refuse": (422, False), "unassign": (200, True)},
    assignee_field: {
        "user_id": [200, 422, 422],
        "assignee_id": [422, 200, 422],
        "member_id": [422, 422, 200],
    },
    pagination: {"nested": [["links", "meta"]] * 2, "flat": [DOCUMENTED] * 2},
    me: {
        "bare": ["avatar_url", "email", "id", "name", "timezone"],
        "wrapped": ["user", "workspace"],
    },
    tag_removal: {"ticket": (200, True, 1), "empty": (204, False, 1)},
    unchanged_write: {"ignore": [(False, 1), (False, 0)], "touch": [(True, 2), (True, 1)]},
    page_invalid: {"first": [200] * 4, "refuse": [422] * 4},
    per_page_above_max: {"clamp": (100, None), "refuse": (None, TOO_MANY)},
    per_page_invalid: {"default": [25] * 4, "one": [1] * 4, "refuse": [422] * 4},
    link_query: {"keep": KEPT, "drop": "http://localhost/api/tickets?page=1"},
    meta_keys: {
        "documented": DOCUMENTED,
        "framework": sorted([*DOCUMENTED, "from", "to", "path", "links"]),
    },
    unknown_status: {"nothing": (200, [1, 5, 4]), "refuse": (422, [])},
    unknown_query: {"refuse": [400, 400], "ignore": [200, 200]},
    tag_match: {"any": [1, 2, 5, 6], "all": [1, 6]},
    false_filter: {"no_filter": (ALL, ALL), "opposite": ([2, 3, 5, 6], [1, 3, 4, 6])},
    search: {"substring": [[], [1]], "words": [[1], [1]]},
    search_comma: {"phrase": [], "any": [3, 5, 4]},
    get_body: {"ignore": (6, False), "merge": (2, False)},
    missing_text: {"model": MODEL, "plain": "Not Found"},
    foreign_ticket: {"missing": (404, 404), "forbidden": (403, 404)},
    activity_order: {
        "oldest_first": ["status_changed", "assignee_changed"],
        "newest_first": ["assignee_changed", "status_changed"],
    },
}
CASES = [
    pytest.param(observe, value, expected, id=f"{observe.__name__}={value}")
    for observe, answers in OBSERVED.items()
    for value, expected in answers.items()
]


def test_every_answer_to_every_question_is_observed_below() -> None:
    observed = {observe.__name__: set(answers) for observe, answers in OBSERVED.items()}
    assert observed == {question.name: set(question.values) for question in questions()}


@pytest.mark.parametrize(("observe", "value", "expected"), CASES)
def test_a_choice_can_be_seen_and_keeps_the_contract(
    choosing: Choosing, observe: Callable[[Api], Any], value: str, expected: Any
) -> None:
    """Every reply is checked as it leaves: one that breaks the contract would be a 500."""
    api = choosing(**{observe.__name__: value})
    assert observe(api) == expected

    key = "1" if value != "ulid" else api.page("filter[search]=reset")["data"][0]["ulid"]
    replies = [
        api.get("/api/tickets"),
        api.get("/api/tickets?filter[status]=pending&per_page=0&page=0&sort=nope&filter[x]=1"),
        api.get("/api/tickets?per_page=101"),
        api.get(f"/api/tickets/{key}"),
        api.get("/api/tickets/50"),
        api.put(f"/api/tickets/{key}/status", {"status": "closed"}),
        api.put(f"/api/tickets/{key}/status", {"status": "closed"}),
        api.put(f"/api/tickets/{key}/assignee", {}),
        api.put(f"/api/tickets/{key}/assignee", {"user_id": 999}),
        Api(api.app, "rita").put(f"/api/tickets/{key}/assignee", {"user_id": 1}),
        Api(api.app, "wrong").get("/api/tickets"),
    ]
    assert [reply.status_code for reply in replies if reply.status_code >= 500] == []


@pytest.mark.parametrize(
    "body",
    [b'{"x":"\\ud800"}', b'{"x":' + b"[" * 900 + b"]" * 900 + b"}", b"[", b"\xff", b'{"":1}'],
)
def test_an_odd_body_of_a_get_is_no_server_error(choosing: Choosing, body: bytes) -> None:
    api = choosing(get_body="merge")
    page = api.get("/api/tickets?per_page=3", data=body, content_type="application/json").json
    assert page is not None
    assert page["meta"]["per_page"] == 3
    assert page["links"]["first"].endswith("?per_page=3&page=1")


def test_two_searches_of_different_length_do_not_mix(choosing: Choosing) -> None:
    api = choosing(search="words")
    assert api.ids("filter[search]=password") == [1, 3]
    assert api.ids("filter[search]=password stolen") == [3]
    assert api.ids("filter[search]=password stolen your") == [3]
    assert api.ids("filter[search]=twin") == [5, 4]


@pytest.mark.parametrize(
    ("choice", "sign", "found"), [("search=words", " ", []), ("search_comma=any", ",", [3, 5, 4])]
)
def test_a_search_may_have_thousands_of_terms(
    choosing: Choosing, choice: str, sign: str, found: list[int]
) -> None:
    name, _, value = choice.partition("=")
    terms = ["stolen", *(f"w{number}" for number in range(4000)), "twin"]
    assert choosing(**{name: value}).ids(f"filter[search]={sign.join(terms)}") == found


@pytest.mark.parametrize(
    ("choice", "query", "message"),
    [
        ({"page_invalid": "refuse"}, "page=abc", "The page field must be an integer."),
        ({"page_invalid": "refuse"}, "page=0", "The page field must be at least 1."),
        ({"per_page_invalid": "refuse"}, "per_page=x", "The per page field must be an integer."),
        ({"per_page_invalid": "refuse"}, "per_page=0", "The per page field must be at least 1."),
        (
            {"unknown_status": "refuse"},
            "filter[status]=x",
            "The selected filter.status is invalid.",
        ),
    ],
)
def test_a_refusal_by_choice_has_the_frameworks_text(
    choosing: Choosing, choice: dict[str, str], query: str, message: str
) -> None:
    reply = choosing(**choice).get(f"/api/tickets?{query}")
    assert (reply.status_code, reply.json["message"]) == (422, message)


def test_two_refused_numbers_are_told_together(choosing: Choosing) -> None:
    api = choosing(page_invalid="refuse", per_page_invalid="refuse")
    reply = api.get("/api/tickets?page=0&per_page=0").json
    assert reply["message"].endswith(" (and 1 more error)")
    assert set(reply["errors"]) == {"page", "per_page"}


def test_every_question_bears_a_number_a_default_and_a_reason() -> None:
    for question in questions():
        assert re.fullmatch(r"A([1-9]|[12]\d|3[0-7])", question.number), question
        assert question.default == question.values[0]
        assert len(question.values) > 1
        assert len(question.reason) > 20


def test_the_questions_the_vendor_left_open_all_have_a_choice() -> None:
    asked = {"A1", "A2", "A3", "A5", "A7", "A15", "A16", "A17", "A18", "A20", "A27", "A28"}
    assert asked <= {question.number for question in questions()}


def test_settings_become_choices() -> None:
    chosen = choose(["tag_match=all", "path_id=either", "tag_match=any"])
    assert (chosen.tag_match, chosen.path_id, chosen.search) == ("any", "either", "substring")


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        (
            "per_page_abov_max=refuse",
            "unknown choice 'per_page_abov_max'; did you mean per_page_above_max?",
        ),
        ("xyz=1", "unknown choice 'xyz'; `mockserver choices` lists them"),
        ("tag_match=some", "choice tag_match: 'some' is not any or all"),
        ("tag_match", "choice tag_match: '' is not any or all"),
    ],
)
def test_a_setting_that_does_not_exist_is_refused_with_a_remedy(
    setting: str, complaint: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(complaint)):
        choose([setting])


def test_the_clock_of_these_tests_is_the_one_the_writes_show(choosing: Choosing) -> None:
    assert NOW.startswith(CLOCK.removesuffix("Z"))
    assert choosing().change(1, status="spam")["updated_at"] == NOW
