import pytest

from mockserver.contract.choices import Choices
from mockserver.contract.operations import Contract
from mockserver.contract.request_check import Request, RequestValidator, ValidationResult

CONTRACT = Contract.load()
VALIDATOR = RequestValidator(CONTRACT, Choices())
LIST, STATUS, ASSIGNEE = "/api/tickets", "/api/tickets/42/status", "/api/tickets/42/assignee"


def validate(method: str, path: str, query: str = "", body: str | None = "") -> ValidationResult:
    media_type = "application/json" if body else ""
    return VALIDATOR.validate(Request(method, path, query, media_type, body))


def messages(result: ValidationResult) -> list[str]:
    return [f"{finding.kind}: {finding}" for finding in result.findings]


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", LIST, "listTickets"),
        ("GET", LIST + "/", "listTickets"),
        ("HEAD", LIST, "listTickets"),
        ("GET", "/api/tickets/42", "getTicket"),
        ("PUT", STATUS, "updateTicketStatus"),
        ("PUT", ASSIGNEE, "updateTicketAssignee"),
    ],
)
def test_a_documented_route_is_known(method: str, path: str, operation: str) -> None:
    result = validate(method, path, body=None)
    assert (result.operation, messages(result)) == (operation, [])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "per_page=100&page=1",
        "sort=-created_at,updated_at",
        "filter[status]=open,closed&filter[search]=",
        "filter%5Bchannel_ids%5D=1,2&filter[tag_ids]=3",
        "filter[assigned_to_me]=true&filter[unassigned]=0",
        "__code=429&__example=empty&__delay=1",
    ],
)
def test_a_documented_query_has_no_finding(query: str) -> None:
    assert messages(validate("GET", LIST, query)) == []


@pytest.mark.parametrize(
    ("method", "path", "finding"),
    [
        (
            "GET",
            "/api/ticket/42",
            "unknown_route: not a documented route; did you mean GET /api/tickets/{id}?",
        ),
        (
            "GET",
            "/tickets",
            "unknown_route: not a documented route; did you mean GET /api/tickets?",
        ),
        (
            "PUT",
            "/api/tickets/42/state",
            "unknown_route: not a documented route; did you mean PUT /api/tickets/{id}/status?",
        ),
        (
            "PATCH",
            STATUS,
            (
                "unknown_method: PATCH is not documented here; "
                "did you mean PUT /api/tickets/{id}/status?"
            ),
        ),
        ("POST", "/zzz", "unknown_route: not a documented route"),
    ],
)
def test_an_unknown_route_names_the_likest(method: str, path: str, finding: str) -> None:
    result = validate(method, path)
    assert (result.operation, messages(result)) == (None, [finding])


@pytest.mark.parametrize(
    ("query", "finding"),
    [
        (
            "filter[channel_id]=1",
            (
                "unknown_parameter: filter[channel_id] is not documented; "
                "did you mean filter[channel_ids]?"
            ),
        ),
        (
            "status=open",
            "unknown_parameter: status is not documented; did you mean filter[status]?",
        ),
        ("limit=10", "unknown_parameter: limit is not documented; did you mean per_page?"),
        ("perPage=10", "unknown_parameter: perPage is not documented; did you mean per_page?"),
        ("q=x", "unknown_parameter: q is not documented; did you mean filter[search]?"),
        (
            "filter[status][]=open",
            (
                "unknown_parameter: filter[status][] is not documented; "
                "did you mean filter[status]=open,closed?"
            ),
        ),
        ("zzz=1", "unknown_parameter: zzz is not documented"),
        ("filter[priority]=1", "unknown_parameter: filter[priority] is not documented"),
        (
            "filter[assignee_id]=5",
            (
                "unknown_parameter: filter[assignee_id] is not documented; "
                "did you mean filter[assigned_to_me]?"
            ),
        ),
        (
            "filter[tag_ids]=99999999999999999999",
            "wrong_value: filter[tag_ids]=99999999999999999999 has more than 19 digits",
        ),
        ("page=1&page=2", "repeated_parameter: page is sent 2 times, and only the last counts"),
        ("page=0", "wrong_value: page=0 is below 1"),
        ("per_page=101", "wrong_value: per_page=101 is above 100"),
        ("per_page=ten", "wrong_value: per_page=ten is not an integer"),
        (
            "filter[status]=open,close",
            (
                "wrong_value: filter[status]=close is not one of open, closed, spam; "
                "did you mean closed?"
            ),
        ),
        ("filter[status]=", "wrong_value: filter[status] is empty; leave it out"),
        ("filter[tag_ids]=1,urgent", "wrong_value: filter[tag_ids]=urgent is not an integer"),
        (
            "filter[unassigned]=False",
            "wrong_value: filter[unassigned]=False is not one of true, false; did you mean false?",
        ),
        (
            "sort=updated",
            (
                "wrong_value: sort=updated is not one of created_at, -created_at, updated_at, "
                "-updated_at, last_activity_at, -last_activity_at; did you mean updated_at?"
            ),
        ),
    ],
)
def test_a_query_is_validated_against_the_documented_parameters(query: str, finding: str) -> None:
    result = validate("GET", LIST, query)
    assert (result.operation, messages(result)) == ("listTickets", [finding])


@pytest.mark.parametrize(
    ("path", "body", "findings"),
    [
        (STATUS, '{"status": "closed"}', []),
        (ASSIGNEE, '{"user_id": null}', []),
        (ASSIGNEE, '{"user_id": 5.0}', []),
        (STATUS, None, []),
        (STATUS, "", ["missing_field: status is missing from the body"]),
        (STATUS, "[1]", ["wrong_value: the body is not a JSON object"]),
        (STATUS, "{", ["wrong_value: the body is not a JSON object"]),
        (
            STATUS,
            '{"status": "Closed"}',
            ["wrong_value: status=Closed is not one of open, closed, spam; did you mean closed?"],
        ),
        (
            STATUS,
            '{"status": "open", "note": 1}',
            ["ignored_field: note is ignored"],
        ),
        (
            ASSIGNEE,
            '{"assignee_id": 5}',
            [
                "ignored_field: assignee_id is ignored; did you mean user_id?",
                "missing_field: user_id is missing from the body",
            ],
        ),
        (ASSIGNEE, '{"user_id": "5"}', ["wrong_value: user_id is string, not integer or null"]),
        (ASSIGNEE, '{"user_id": true}', ["wrong_value: user_id is boolean, not integer or null"]),
        (LIST, '{"page": 1}', ["ignored_body: listTickets takes no body"]),
    ],
)
def test_a_body_is_validated_against_the_documented_fields(
    path: str, body: str | None, findings: list[str]
) -> None:
    method = "GET" if path == LIST else "PUT"
    assert messages(validate(method, path, body=body)) == findings


def test_a_form_is_named_for_what_it_is() -> None:
    media_type = "application/x-www-form-urlencoded"
    result = VALIDATOR.validate(Request("PUT", STATUS, "", media_type, "status=open"))
    assert messages(result) == [
        f"wrong_media_type: the body is {media_type}; did you mean application/json?"
    ]


def test_a_field_sent_in_the_query_belongs_in_the_body() -> None:
    result = validate("PUT", STATUS, "status=open", body=None)
    assert messages(result) == ["unknown_parameter: status belongs in the body"]


@pytest.mark.parametrize(
    ("choice", "good", "bad"),
    [
        ("integer", "42", "01HX9F3K2M4Q8V7T5R9W2X6Y3Z"),
        ("ulid", "01hx9f3k2m4q8v7t5r9w2x6y3z", "42"),
        ("either", "01HX9F3K2M4Q8V7T5R9W2X6Y3Z", "undefined"),
    ],
)
def test_an_id_has_the_form_that_was_chosen(choice: str, good: str, bad: str) -> None:
    validator = RequestValidator(CONTRACT, Choices(path_id=choice))  # type: ignore[arg-type]
    fine = validator.validate(Request("GET", f"/api/tickets/{good}", "", "", ""))
    wrong = validator.validate(Request("GET", f"/api/tickets/{bad}", "", "", ""))
    assert messages(fine) == []
    assert messages(wrong)[0].startswith(f"wrong_value: {bad!r} is not a valid ticket id")


def test_used_names_and_values_are_returned() -> None:
    result = validate("GET", LIST, "filter[status]=open,spam&page=2&zzz=1&filter[unassigned]=1")
    assert result.used == ("filter[status]", "page", "filter[unassigned]")
    assert result.values == (
        ("filter[status]", "open"),
        ("filter[status]", "spam"),
        ("filter[unassigned]", "true"),
    )
    assert validate("PUT", STATUS, body='{"status": "open"}').values == (("status", "open"),)


def test_strange_bodies_are_validated_without_an_error() -> None:
    for body in ("[" * 20_000, '{"status":' * 5_000, '{"status": [1]}', '{"status": {}}', "\ud800"):
        assert validate("PUT", STATUS, body=body).findings
