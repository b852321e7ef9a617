"""Judging an app's traffic also says what the app itself sends wrongly."""

from contract_tests.observations.exchange import Exchange, Request, get, put
from contract_tests.recordings.request_mistakes import SHOWN, mistakes
from mockserver.contract.operations import Contract

LIST = "/api/tickets"
BOTH = "filter[status]=open,spam"


def told(*requests):
    exchanges = [
        Exchange(number, request, 200, (), b"{}", 0.0, 0.1)
        for number, request in enumerate(requests, 1)
    ]
    return list(mistakes(exchanges, Contract.load().page))


def test_documented_requests_are_no_mistakes():
    assert told(
        get(LIST, {"filter[status]": "open,closed", "sort": "-updated_at", "page": 2}),
        get(f"{LIST}/42"),
        get(f"{LIST}/01JTEZS0000000000000000000"),
        put(f"{LIST}/42/status", {"status": "open"}),
    ) == []  # fmt: skip


def test_each_mistake_is_told_once_with_the_name_that_was_meant():
    lines = told(
        get(LIST, {"filter[assignee]": 5}),
        get(LIST, {"status": "open"}),
        get(LIST, {"status": "closed"}),
        Request("GET", LIST, (("filter[status]", "open"), ("filter[status]", "spam"))),
        put(f"{LIST}/42/assignee", {"assignee_id": 5}),
        get("/api/ticket/42"),
    )
    assert [line.removeprefix("a mistake of the app: ").partition(": ")[2] for line in lines] == [
        "filter[assignee] is not documented; did you mean filter[assigned_to_me]? (#1)",
        "status is not documented; did you mean filter[status]? (2 times, first in #2)",
        f"filter[status] is sent 2 times, and only the last counts; did you mean {BOTH}? (#4)",
        "assignee_id is ignored; did you mean user_id? (#5)",
        "user_id is missing from the body (#5)",
        "not a documented route; did you mean GET /api/tickets/{id}? (#6)",
    ]
    assert lines[3].startswith("a mistake of the app: PUT /api/tickets/{id}/assignee: ")


def test_many_mistakes_are_counted():
    lines = told(*(get(LIST, {f"field_{number}": 1}) for number in range(SHOWN + 5)))

    assert len(lines) == SHOWN + 1
    assert lines[-1] == "and 5 more mistakes of the app"
