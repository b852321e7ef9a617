import shlex
from typing import Any

import pytest
import requests

from tests.support.browsing import EXCHANGES, expect
from tests.support.harness import Serving

pytestmark = pytest.mark.slow


def test_the_journal_tells_what_the_contract_does_not_know_and_repeats_it_as_curl(
    open_tab: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    with open_tab(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(inspector_url)
        expect(page.locator("#live")).to_have_text("live")
        server.get("/api/tickets?filter[channel]=1&per_page=1", jane)
        expect(page.locator(EXCHANGES).first).to_contain_text("did you mean filter[channel_ids]?")
        server.put("/api/tickets/42/status", {"status": "spam"}, jane)
        entry = page.locator(EXCHANGES).filter(has_text="PUT")
        entry.locator("summary").click()
        expect(entry.locator("pre").filter(has_text='"status": "spam"')).not_to_have_count(0)
        assert jane not in entry.inner_text()
        entry.get_by_role("button", name="Copy as curl").click()
        command = page.evaluate("navigator.clipboard.readText()")

    words = shlex.split(command)
    assert words[:4] == ["curl", "-g", "-X", "PUT"]
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    body = words[words.index("--data-raw") + 1]
    reply = requests.put(words[4], data=body, headers=headers, timeout=30)
    assert (reply.status_code, headers["Authorization"]) == (200, f"Bearer {jane}")


def test_without_a_stream_the_journal_is_polled(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    page.route("**/_mock/journal/stream*", lambda route: route.fulfill(status=403))
    page.goto(inspector_url)
    expect(page.locator("#live")).to_have_text("polling")
    server.get("/api/tickets/42", jane)
    expect(page.locator(EXCHANGES).first).to_contain_text("/api/tickets/42")


def test_the_journal_of_another_world_stays_there(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    page.goto(inspector_url)
    expect(page.locator("#live")).to_have_text("live")
    server.get("/api/tickets/41", f"{jane}-neighbour")
    server.get("/api/tickets/42", jane)
    expect(page.locator(EXCHANGES)).to_have_count(1)
    expect(page.locator(EXCHANGES)).to_contain_text("/api/tickets/42")
