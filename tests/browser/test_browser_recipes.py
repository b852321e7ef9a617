"""The recipes of docs/front-end.md, as an app of another origin meets them in a real browser."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.harness import Serving

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).parents[2] / "docs" / "front-end.md").read_text()

FETCH = """async ([url, token]) => {
  const reply = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  return { status: reply.status, hint: reply.headers.get("X-Mock-Hint"), text: await reply.text() };
}"""


def get(front_end: Any, server: Serving, path: str, token: str) -> Any:
    return front_end.evaluate(FETCH, [server.url + path, token])


def subjects(reply: Any) -> list[str]:
    """Return the subjects of a page; the journal masks e-mail addresses."""
    assert reply["status"] == 200
    return [ticket["subject"] for ticket in json.loads(reply["text"])["data"]]


def test_extra_headers_force_the_answer_of_every_request(
    front_end: Any, server: Serving, jane: str
) -> None:
    front_end.set_extra_http_headers({"Prefer": "code=429"})
    assert get(front_end, server, "/api/tickets", jane)["status"] == 429
    front_end.set_extra_http_headers({})
    assert get(front_end, server, "/api/tickets", jane)["status"] == 200


def test_a_script_of_another_origin_reads_the_hint(
    front_end: Any, server: Serving, jane: str
) -> None:
    found = get(front_end, server, "/api/tickets?limit=5", jane)
    assert found["hint"] == "limit is not documented; did you mean per_page?"


def test_a_fault_once_fails_once_in_the_app(front_end: Any, server: Serving, jane: str) -> None:
    world = jane.partition("@")[2]
    where = f"{server.url}/_mock/worlds/{world}/faults"
    fault = {"kind": "error", "status": 500, "operation": "listTickets", "times": 1}
    assert requests.post(where, json=fault, timeout=30).status_code == 201
    statuses = [get(front_end, server, "/api/tickets", jane)["status"] for _ in range(3)]
    assert statuses == [500, 200, 200]


def test_a_recorded_journal_replays_without_the_mock(
    front_end: Any, server: Serving, jane: str, tmp_path: Path
) -> None:
    live = get(front_end, server, "/api/tickets?per_page=3", jane)
    world = jane.partition("@")[2]
    saved = requests.get(f"{server.url}/_mock/journal.har?world={world}", timeout=30)
    (tmp_path / "tickets.har").write_bytes(saved.content)
    before = requests.get(f"{server.url}/_mock/journal/verdict?world={world}", timeout=30).json()
    front_end.route_from_har(tmp_path / "tickets.har", url="**/api/**")
    replayed = get(front_end, server, "/api/tickets?per_page=3", jane)
    assert subjects(replayed) == subjects(live)
    after = requests.get(f"{server.url}/_mock/journal/verdict?world={world}", timeout=30).json()
    assert after["requests"] == before["requests"] == 1


def test_the_clocks_of_world_and_browser_can_be_set_to_one_time(
    front_end: Any, server: Serving, jane: str
) -> None:
    now = "2026-05-04T09:00:00Z"
    where = f"{server.url}/_mock/worlds/{jane.partition('@')[2]}/clock"
    assert requests.put(where, json={"now": now}, timeout=30).status_code == 200
    front_end.clock.set_fixed_time(now)
    server.put("/api/tickets/42/status", {"status": "closed"}, jane)
    ticket = server.get("/api/tickets/42", jane).json()["ticket"]
    age = front_end.evaluate("at => Date.now() - new Date(at)", ticket["updated_at"])
    assert age == 0
