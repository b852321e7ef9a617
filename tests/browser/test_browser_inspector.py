"""The inspector's journal filter, undo, shortcuts, fault buttons and connections."""

from typing import Any

import pytest
import requests

from tests.support.browsing import EXCHANGES, expect
from tests.support.harness import Serving

pytestmark = pytest.mark.slow

HIDDEN = (
    "Object.defineProperty(document, 'hidden', {{get: () => {hidden}, configurable: true}});"
    "document.dispatchEvent(new Event('visibilitychange'))"
)
"""Hides or shows a tab as far as its scripts can tell."""
TABS = 12
"""Twice as many tabs as a browser allows connections to a host."""


def test_the_journal_is_filtered_by_status_and_text(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    page.goto(inspector_url)
    expect(page.locator("#live")).to_have_text("live")
    for path in ("/api/tickets/42", "/api/tickets/999999", "/api/tickets?filter[channel]=1"):
        server.get(path, jane)
    visible = page.locator(f"{EXCHANGES}:visible")
    expect(visible).to_have_count(3)
    page.select_option("#journal-status", "4")
    expect(visible).to_have_count(2)
    page.select_option("#journal-status", "flagged")
    expect(visible).to_have_count(1)
    page.select_option("#journal-status", "")
    page.fill("#journal-text", "get tickets/42")
    expect(visible).to_have_count(1)
    server.get("/api/tickets/41", jane)
    server.get("/api/tickets/42?again=1", jane)
    expect(visible).to_have_count(2)


def test_a_request_is_sent_again(page: Any, inspector_url: str, server: Serving, jane: str) -> None:
    page.goto(inspector_url)
    server.put("/api/tickets/42/status", {"status": "spam"}, jane)
    server.put("/api/tickets/42/status", {"status": "open"}, jane)
    first = page.locator(EXCHANGES).filter(has_text="PUT").last
    first.locator("summary").click()
    first.get_by_role("button", name="Send again").click()
    expect(page.locator(".toast")).to_contain_text("Sent again: 200.")
    assert server.get("/api/tickets/42", jane).json()["ticket"]["status"] == "spam"


def test_a_reset_can_be_undone(page: Any, inspector_url: str, server: Serving, jane: str) -> None:
    server.put("/api/tickets/42/status", {"status": "spam"}, jane)
    page.goto(inspector_url)
    page.click("#reset-world")
    undo = page.locator(".toast").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    assert server.get("/api/tickets/42", jane).json()["ticket"]["status"] == "open"
    undo.click()
    expect(page.locator(".toast")).to_contain_text("Restored.")
    assert server.get("/api/tickets/42", jane).json()["ticket"]["status"] == "spam"


def test_a_button_adds_a_common_fault(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    page.goto(inspector_url)
    page.click("#fault-500")
    expect(page.locator("#faults")).to_contain_text("error=500")
    assert server.get("/api/tickets/42", jane).status_code == 500
    page.locator("#faults").get_by_role("button", name="Remove").click()
    expect(page.locator("#faults")).to_contain_text("No active faults.")


def test_a_slash_moves_the_focus_to_the_search(page: Any, inspector_url: str) -> None:
    page.goto(inspector_url)
    page.keyboard.press("/")
    expect(page.locator("#content input[type=search]")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("#content input[type=search]")).to_have_value("a/b")


def test_a_world_that_a_test_opens_appears_in_the_list(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    page.goto(inspector_url)
    name = f"{jane.partition('@')[2]}-later"
    server.get("/api/tickets/42", f"jane@{name}")
    expect(page.locator(f"#choose-world option[value='{name}']")).to_have_count(1, timeout=15_000)


def test_a_tab_that_was_hidden_shows_what_it_missed(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    page.goto(inspector_url)
    expect(page.locator("#live")).to_have_text("live")
    server.get("/api/tickets/41", jane)
    page.locator(EXCHANGES).first.locator("summary").click()
    page.evaluate(HIDDEN.format(hidden="true"))
    server.get("/api/tickets/42", jane)
    page.evaluate(HIDDEN.format(hidden="false"))
    expect(page.locator(EXCHANGES)).to_have_count(2)
    expect(page.locator(f"{EXCHANGES} details[open]")).to_have_count(1)
    server.get("/api/tickets/43", jane)
    expect(page.locator(EXCHANGES)).to_have_count(3)


def test_a_tab_that_is_opened_hidden_follows_when_it_is_shown(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    page.add_init_script(
        "Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})"
    )
    page.goto(inspector_url)
    server.get("/api/tickets/42", jane)
    page.evaluate(HIDDEN.format(hidden="false"))
    expect(page.locator(EXCHANGES)).to_have_count(1)
    expect(page.locator("#live")).to_have_text("live")


def test_twelve_tabs_delay_no_request_of_an_app(browser: Any, inspector_url: str) -> None:
    """Tabs that are hidden keep no connection open; in a headless browser only scripts hide one."""
    context = browser.new_context()
    try:
        for _ in range(TABS):
            tab = context.new_page()
            tab.goto(inspector_url)
            expect(tab.locator("#live")).to_have_text("live")
            tab.evaluate(HIDDEN.format(hidden="true"))
        app = context.new_page()
        app.goto(inspector_url.partition("?")[0] + "openapi.json")
        spent = app.evaluate(
            "async () => { const start = performance.now();"
            "await fetch('/openapi.json', {credentials: 'include'});"
            "return performance.now() - start }"
        )
    finally:
        context.close()
    assert spent < 1000


def test_inactive_tokens_are_listed_with_their_state(page: Any, server: Serving) -> None:
    page.goto(server.url)
    expect(page.locator("#tokens")).to_contain_text("expired")
    expect(page.locator("#tokens")).to_contain_text("revoked")
    headers = {"Authorization": "Bearer revoked"}
    assert requests.get(f"{server.url}/api/tickets", headers=headers, timeout=30).status_code == 401
