import re
from typing import Any

import pytest

from tests.support.browsing import EXCHANGES, expect, fetch
from tests.support.harness import Serving

pytestmark = pytest.mark.slow


def add_fault(page: Any, text: str) -> None:
    page.get_by_label("New fault").fill(text)
    page.get_by_role("button", name="Add", exact=True).click()


def test_a_fault_makes_a_front_end_fail_until_the_world_is_reset(
    page: Any, front_end: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    url = f"{server.url}/api/tickets"
    page.goto(inspector_url)
    expect(page.locator("#live")).to_have_text("live")
    assert fetch(front_end, url, jane)["status"] == 200

    add_fault(page, "error=503 operation=listTickets")
    expect(page.locator("#faults")).to_contain_text("error=503 operation=listTickets")
    assert fetch(front_end, url, jane)["status"] == 503
    expect(page.locator(EXCHANGES).first.locator(".status")).to_have_text("503")
    expect(page.locator(EXCHANGES).first).to_contain_text("fault: error=503")
    expect(page.locator("#faults")).to_contain_text("1 hit")

    page.get_by_role("button", name="Reset").click()
    expect(page.locator("#faults")).to_contain_text("No active faults")
    assert fetch(front_end, url, jane)["status"] == 200


def test_a_front_end_sees_a_reset_and_its_request_is_carried_out_once(
    page: Any, front_end: Any, inspector_url: str, server: Serving, jane: str
) -> None:
    url = f"{server.url}/api/tickets"
    page.goto(inspector_url)
    expect(page.locator("#live")).to_have_text("live")
    add_fault(page, "reset operation=updateTicketStatus times=1")
    expect(page.locator("#faults")).to_contain_text("reset operation=updateTicketStatus")

    assert fetch(front_end, url, jane)["status"] == 200  # on a connection that stays open
    put = {"method": "PUT", "body": '{"status": "spam"}'}
    assert fetch(front_end, f"{url}/42/status", jane, **put)["status"] == 0
    expect(page.locator(EXCHANGES).first.locator(".status")).to_have_text("reset")
    expect(page.locator(EXCHANGES)).to_have_count(2)


def test_a_fault_that_cannot_be_read_is_refused_where_it_was_typed(
    page: Any, inspector_url: str
) -> None:
    page.goto(inspector_url)
    add_fault(page, "latancy=300")
    expect(page.locator("#fault-form [role=alert]")).to_contain_text("did you mean latency?")
    expect(page.locator("#faults")).to_contain_text("No active faults")


def test_mail_arrives_time_passes_and_a_snapshot_brings_both_back(
    page: Any, inspector_url: str
) -> None:
    page.goto(inspector_url)
    for name in ("Incoming mail", "Clock", "Snapshots"):
        page.locator("summary", has_text=name).click()
    page.get_by_label("Save the current state as").fill("before")
    page.locator("#save-snapshot").click()
    expect(page.locator("#snapshots")).to_contain_text("before")

    page.get_by_label("Subject", exact=True).fill("A <b>bold</b> question")
    page.get_by_role("button", name="Create ticket").click()
    expect(page.locator(".subject").first).to_have_text("A <b>bold</b> question")
    page.get_by_role("button", name="+1 day").click()
    expect(page.locator("#clock")).to_have_text("2 May 2026, 09:00")
    page.get_by_label("Set to").fill("2026-06-01T10:30")
    page.locator("#set-clock").click()
    expect(page.locator("#clock")).to_have_text("1 Jun 2026, 10:30")

    page.get_by_role("button", name="Restore before").click()
    expect(page.locator("#clock")).to_have_text("1 May 2026, 09:00")
    expect(page.locator(".subject").first).not_to_have_text("A <b>bold</b> question")


def test_busy_colleagues_are_watched_at_work_and_sent_home(page: Any, inspector_url: str) -> None:
    page.goto(inspector_url)
    page.locator("summary", has_text="Background activity").click()
    page.get_by_label("Actions per second").fill("5")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#state")).to_have_attribute("data-activity", re.compile("^5"))
    expect(page.locator("#state")).not_to_contain_text(re.compile(r"Changes[01] "))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#state")).to_have_attribute("data-activity", re.compile("^0"))


def test_a_private_world_is_opened_and_deleted(
    page: Any, inspector_url: str, world_name: str
) -> None:
    page.goto(inspector_url)
    page.locator("summary", has_text="New world").click()
    page.get_by_label("Name of the private copy").fill(f"{world_name}-copy")
    page.locator("#open-world").click()
    expect(page.get_by_role("heading", name=f"World {world_name}-copy")).to_be_visible()
    expect(page.locator("#tokens")).to_contain_text(f"jane@{world_name}-copy")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="World shared")).to_be_visible()
