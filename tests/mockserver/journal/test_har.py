from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.support.harness import Api


@pytest.fixture
def archived(seeded_app: Flask, world_name: str) -> Any:
    """Return the log of the test's world as an har_archive."""

    def archived() -> Any:
        reply = seeded_app.test_client().get(f"/_mock/journal.har?world={world_name}")
        assert reply.status_code == 200
        assert 'filename="journal.har"' in reply.headers["Content-Disposition"]
        return reply.json["log"]  # type: ignore[index]  # JSON

    return archived


def test_an_archive_of_nothing_is_a_whole_archive(archived: Any) -> None:
    log = archived()
    assert (log["version"], log["entries"]) == ("1.2", [])
    assert log["creator"]["name"] == "there-there-mock"


def test_every_exchange_is_an_entry_with_all_that_har_requires(ann: Api, archived: Any) -> None:
    ann.get("/api/tickets?per_page=2&filter[status]=open")
    ann.put("/api/tickets/1/status", {"status": "closed"})
    read, write = archived()["entries"]
    for entry in (read, write):
        assert set(entry) >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
        assert entry["time"] == entry["timings"]["wait"] >= 0
        for half in ("request", "response"):
            assert set(entry[half]) >= {
                *("httpVersion", "cookies", "headers", "headersSize", "bodySize"),
            }
    assert urlsplit(read["request"]["url"]).path == "/api/tickets"
    assert {"name": "per_page", "value": "2"} in read["request"]["queryString"]
    assert write["request"]["postData"]["text"] == '{"status": "closed"}'
    assert write["request"]["postData"]["mimeType"] == "application/json"
    assert (write["response"]["status"], write["response"]["statusText"]) == (200, "OK")
    assert write["response"]["content"]["mimeType"] == "application/json"
    assert write["response"]["content"]["text"].startswith('{"ticket":{"id":1')


def test_nothing_secret_leaves_with_an_archive(ann: Api, archived: Any) -> None:
    ann.get("/api/tickets/1?email=carl%40customer.example&token=s3cret")
    text = str(archived())
    assert "Bearer ***1@" in text
    secrets = ("carl@", "customer.example", "s3cret", "Bearer ann")
    assert not [secret for secret in secrets if secret in text]


def test_a_fault_is_told_with_its_entry(
    ann: Api, archived: Any, seeded_app: Flask, world_name: str
) -> None:
    faults = seeded_app.extensions["faults"]
    faults.add(world_name, faults.parse("truncate"))
    ann.get("/api/tickets")
    faults.clear(world_name)
    [entry] = archived()["entries"]
    assert entry["comment"] == f"world {world_name}; fault truncate"


def test_the_masks_of_tokens_are_numbered_by_first_use(
    ann: Api, archived: Any, seeded_app: Flask, world_name: str
) -> None:
    expired = Api(seeded_app, f"old@{world_name}")
    for api in (ann, expired, ann):
        api.get("/api/tickets")
    masks = [
        each["value"]
        for entry in archived()["entries"]
        for each in entry["request"]["headers"]
        if each["name"] == "Authorization"
    ]
    assert masks == [f"Bearer ***{number}@{world_name}" for number in (1, 2, 1)]


def test_a_forced_response_is_told_with_its_entry(ann: Api, archived: Any, world_name: str) -> None:
    ann.get("/api/tickets", headers={"Prefer": "code=401"})
    [entry] = archived()["entries"]
    assert entry["comment"] == f"world {world_name}; forced code=401"
