from typing import Any

import pytest

from tests.support.browsing import EXCHANGES, expect
from tests.support.harness import Serving

pytestmark = pytest.mark.slow

HOSTILE = "Dear winner"


def test_a_ticket_is_opened_and_changed_and_the_journal_moves(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    page.goto(inspector_url)
    expect(page.locator("#live")).to_have_text("live")
    row = page.locator(".subject").first
    subject, id = row.inner_text(), row.get_attribute("id").removeprefix("ticket-")
    row.click()
    expect(page.locator("h1")).to_have_text(subject)

    page.get_by_role("button", name="Closed").click()
    expect(page.get_by_role("button", name="Closed")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Assignee").select_option(label="Mateo García")
    page.get_by_role("button", name="Assign", exact=True).click()

    expect(page.locator(EXCHANGES)).to_have_count(2)
    expect(page.locator(EXCHANGES).last).to_contain_text(f"PUT /api/tickets/{id}/status")
    expect(page.locator(".event").last).to_contain_text("Jane Smith · assignee changed")
    ticket = server.get(f"/api/tickets/{id}", jane).json()["ticket"]
    assert (ticket["status"], ticket["assignee"]["name"]) == ("closed", "Mateo García")


def test_both_sides_write_into_a_ticket_and_tags_come_and_go(page: Any, inspector_url: str) -> None:
    page.goto(f"{inspector_url}&ticket=42")
    page.get_by_role("button", name="Closed").click()
    page.get_by_label("New message").fill("Still <i>broken</i>")
    page.get_by_role("button", name="Customer replies").click()
    expect(page.locator(".message .text").last).to_have_text("Still <i>broken</i>")
    expect(page.get_by_role("button", name="Open", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".message.is-note .by")).to_contain_text("Jane Smith")

    page.get_by_label("Tag to add").select_option(label="vip")
    page.locator("#put-tag").click()
    page.get_by_role("button", name="Remove the tag vip").click()
    expect(page.get_by_role("button", name="Remove the tag vip")).to_have_count(0)


def test_what_is_being_written_survives_what_others_do(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    page.goto(f"{inspector_url}&ticket=42")
    expect(page.locator("#live")).to_have_text("live")
    writing = page.get_by_label("New message")
    writing.fill("Half a sen")
    server.put("/api/tickets/42/status", {"status": "spam"}, jane)
    expect(page.locator(".facts .chip")).to_have_text("spam")
    page.keyboard.type("tence")
    expect(writing).to_have_value("Half a sentence")


def test_typing_searches_and_the_way_back_leads_back(page: Any, inspector_url: str) -> None:
    page.goto(inspector_url)
    page.get_by_label("Search subject and messages").press_sequentially("clicking the link")
    expect(page.locator(".subject")).to_have_count(1)
    expect(page.locator(".request")).to_contain_text("filter[search]=clicking+the+link")
    page.locator(".subject").click()
    expect(page.locator("h1")).to_have_text("Cannot reset my password")
    page.go_back()
    expect(page.locator(".subject")).to_have_count(1)


def test_hostile_html_runs_nothing_and_asks_nobody(
    page: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    found = server.get(f"/api/tickets?filter[search]={HOSTILE}", jane).json()["data"]
    page.goto(f"{inspector_url}&ticket={found[0]['id']}")
    title = page.title()
    assert "<script>" in page.locator("h1").inner_text()

    page.locator("details.html summary").first.click()
    frame = page.frame_locator(".rendered iframe")
    expect(frame.get_by_text("Dear winner")).to_be_visible()
    assert page.locator(".rendered iframe").get_attribute("sandbox") == ""
    frame.get_by_text("Claim your prize").click()
    assert page.evaluate("fetch('/openapi.json').then((reply) => reply.ok)")  # the page lives on

    assert (page.title(), page.url) == (title, f"{inspector_url}&ticket={found[0]['id']}")
    assert len(page.context.pages) == 1
