from typing import Any

import pytest
import requests
from flask import Flask

from tests.support.harness import Api, Serving

JOURNAL = "/_mock/journal"


@pytest.fixture
def read(seeded_app: Flask, world_name: str) -> Any:
    """Read a part of the journal for the test's world, as JSON."""

    def read(path: str = "", query: str = "", status: int = 200) -> Any:
        reply = seeded_app.test_client().get(f"{JOURNAL}{path}?world={world_name}&{query}")
        assert reply.status_code == status, reply.text
        return reply.json

    return read


def test_exchanges_are_listed_with_their_verdicts(ann: Api, read: Any) -> None:
    ann.get("/api/tickets?filter[channel_id]=1")
    ann.get("/api/tickets/1")
    first, second = read()["exchanges"]
    assert (first["operation"], first["status"]) == ("listTickets", 400)
    assert first["findings"] == [
        {
            "kind": "unknown_parameter",
            "place": "query filter[channel_id]",
            "message": "filter[channel_id] is not documented",
            "nearest": "filter[channel_ids]",
        }
    ]
    assert (second["operation"], second["findings"]) == ("getTicket", [])
    assert second["number"] > first["number"]


def test_an_exchange_tells_whose_token_it_had(
    ann: Api, seeded_app: Flask, world_name: str, read: Any
) -> None:
    ann.get("/api/tickets")
    Api(seeded_app, f"nobody@{world_name}").get("/api/tickets")
    numbers = [each["number"] for each in read()["exchanges"]]
    one, none = (read(f"/{number}")["exchange"]["user"] for number in numbers)
    me = ann.get("/api/me").json
    assert me is not None
    assert (one["id"], one["name"], none) == (me["id"], me["name"], None)
    assert one["workspace"]["name"]


def test_the_journal_is_queried_by_operation_status_method_and_time(ann: Api, read: Any) -> None:
    ann.get("/api/tickets?page=1")
    ann.get("/api/tickets/999")
    ann.put("/api/tickets/1/status", {"status": "closed"})
    ann.get("/api/nowhere")

    def paths(query: str) -> list[str]:
        return [each["path"] for each in read(query=query)["exchanges"]]

    assert paths("operation=getTicket") == ["/api/tickets/999"]
    assert paths("status=404") == ["/api/tickets/999", "/api/nowhere"]
    assert paths("method=PUT") == ["/api/tickets/1/status"]
    assert paths("has_findings=true") == ["/api/nowhere"]
    assert paths("has_findings=false&status=200&limit=1") == ["/api/tickets/1/status"]
    assert len(paths("since=2020-01-01T00:00:00Z&until=2999-01-01T00:00:00Z")) == 4
    assert paths("until=2020-01-01T00:00:00Z") == paths("since=2999-01-01T00:00:00Z") == []
    newest = read()["exchanges"][-2]["number"]
    assert paths(f"after={newest}") == ["/api/nowhere"]


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("operation=getTickets", "did you mean getTicket?"),
        ("status=42", "less than the minimum"),
        ("limit=0", "less than the minimum"),
        ("since=yesterday", "yesterday"),
        ("has_findings=maybe", "maybe"),
        ("after=-1", "-1"),
    ],
)
def test_a_query_that_cannot_be_used_is_refused(read: Any, query: str, complaint: str) -> None:
    assert complaint in read(query=query, status=422)["message"]


def test_one_exchange_is_shown_whole_and_masked(ann: Api, read: Any, seeded_app: Flask) -> None:
    reply = ann.get("/api/tickets/1")
    number = read()["exchanges"][-1]["number"]
    shown: Any = seeded_app.test_client().get(f"{JOURNAL}/{number}").json
    whole = shown["exchange"]
    assert whole["response"]["headers"]["Content-Type"] == "application/json"
    assert whole["response"]["truncated"] is False
    assert whole["request"]["headers"]["Authorization"].startswith("Bearer ***@")
    assert b"carl@customer.example" in reply.data
    assert '"email":"***"' in whole["response"]["body"]
    assert "customer.example" not in str(shown)
    assert seeded_app.test_client().get(f"{JOURNAL}/999999999").status_code == 404


def test_coverage_tells_what_was_met_and_what_not(ann: Api, read: Any) -> None:
    ann.get("/api/tickets?filter[status]=open,spam&per_page=2")
    ann.get("/api/tickets?filter[status]=open")
    ann.put("/api/tickets/1/status", {"status": "closed"})
    ann.get("/api/nowhere")
    found = read("/coverage")
    operations = {each["operation"]: each for each in found["operations"]}
    times = {name: each["times"] for name, each in operations.items()}
    assert times == dict.fromkeys(times, 0) | {"listTickets": 2, "updateTicketStatus": 1}
    assert len(times) == 17
    parameters = {each["name"]: each for each in operations["listTickets"]["parameters"]}
    assert parameters["filter[status]"]["values"] == {"open": 2, "closed": 0, "spam": 1}
    assert (parameters["per_page"]["times"], parameters["sort"]["times"]) == (1, 0)
    [status] = operations["updateTicketStatus"]["parameters"]
    assert status["values"] == {"open": 0, "closed": 1, "spam": 0}
    statuses = {each["status"]: each["times"] for each in operations["listTickets"]["statuses"]}
    assert statuses == {200: 2, 400: 0, 401: 0, 422: 0, 429: 0}
    assert (found["requests"], found["unknown"]) == (4, 1)
    assert found["shares"]["operations"] == round(2 / 17, 4)


def test_the_verdict_counts_what_is_amiss(ann: Api, read: Any) -> None:
    assert read("/verdict")["clean"] is True
    for _ in range(3):
        ann.get("/api/tickets?limit=5")
    found = read("/verdict")
    assert (found["clean"], found["requests"]) == (False, 3)
    [finding] = found["findings"]
    assert (finding["times"], finding["nearest"]) == (3, "per_page")
    assert finding["text"].startswith("GET /api/tickets?limit=5: limit is not documented")


def test_clearing_leaves_other_worlds_alone(ann: Api, seeded_app: Flask, read: Any) -> None:
    ann.get("/api/tickets")
    Api(seeded_app, "ann@bystander").get("/api/tickets")
    world = ann.token.partition("@")[2]
    reply: Any = seeded_app.test_client().delete(f"{JOURNAL}?world={world}").json
    assert reply == {"deleted": 1}
    assert read()["exchanges"] == []
    assert seeded_app.extensions["journal"].read("bystander")


def test_the_stream_is_heard_over_http_while_the_server_serves(server: Serving, jane: str) -> None:
    world = jane.partition("@")[2]
    url = f"{server.url}{JOURNAL}/stream?world={world}"
    with requests.get(url, stream=True, timeout=15) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lines = stream.iter_lines(chunk_size=1)
        assert next(lines) == b"retry: 1000"
        server.get("/api/tickets/1?zzz=1", jane)
        told = next(line for line in lines if line.startswith(b"data: "))
    assert b'"path":"/api/tickets/1"' in told
    assert b"zzz is not documented" in told


def test_a_reader_that_comes_back_misses_nothing(server: Serving, jane: str) -> None:
    world = jane.partition("@")[2]
    server.get("/api/tickets?page=1", jane)
    server.get("/api/tickets?page=2", jane)
    listed = requests.get(f"{server.url}{JOURNAL}?world={world}", timeout=15).json()["exchanges"]
    headers = {"Last-Event-ID": str(listed[0]["number"])}
    url = f"{server.url}{JOURNAL}/stream?world={world}"
    with requests.get(url, stream=True, headers=headers, timeout=15) as stream:
        told = next(line for line in stream.iter_lines(chunk_size=1) if line.startswith(b"id: "))
    assert told == b"id: %d" % listed[1]["number"]
