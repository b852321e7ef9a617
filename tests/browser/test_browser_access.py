import re
from typing import Any

import pytest

from tests.support.browsing import EXCHANGES, FAINT_TEXTS, NARROW, OPEN_ALL, expect, fetch
from tests.support.harness import CLOCK, Serving, serving

pytestmark = pytest.mark.slow

FIELDS = "button, select, input:not([type=hidden], [type=checkbox])"
TOO_LOW = """(fields) => fields
    .filter((field) => field.checkVisibility() && field.getBoundingClientRect().height < 24)
    .map((field) => field.outerHTML)"""
NAMELESS = re.compile(
    r"^\s*- (?:button|link|textbox|combobox|checkbox|spinbutton)(?: \[.*)?:?$", re.MULTILINE
)


def test_another_origin_calls_the_api_with_credentials_but_pulls_no_lever(
    front_end: Any, server: Serving, jane: str
) -> None:
    listed = fetch(front_end, f"{server.url}/api/tickets?per_page=1", jane)
    assert (listed["status"], '"data":[{' in listed["body"]) == (200, True)
    change = {
        "method": "PUT",
        "body": '{"status": "spam"}',
        "headers": {"Authorization": f"Bearer {jane}", "Content-Type": "application/json"},
    }
    assert fetch(front_end, f"{server.url}/api/tickets/42/status", **change)["status"] == 200

    assert fetch(front_end, f"{server.url}/_mock/worlds")["status"] == 0
    assert fetch(front_end, f"{server.url}/_mock/worlds/shared/reset", method="POST")["status"] == 0
    assert "data-copy" not in fetch(front_end, f"{server.url}/")["body"]


def test_an_admin_token_opens_the_page_for_its_tab(open_tab: Any) -> None:
    with serving("--clock", CLOCK, "--admin-token", "opensesame") as guarded, open_tab() as page:
        page.goto(guarded.url)
        page.get_by_label("Admin token").fill("wrong")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("alert")).to_contain_text("missing or wrong")
        page.get_by_label("Admin token").fill("opensesame")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("heading", name="Tickets")).to_be_visible()
        guarded.get("/api/tickets/42")
        expect(page.locator(EXCHANGES)).to_contain_text("/api/tickets/42")
        page.get_by_role("button", name="Reset").click()
        expect(page.locator("#toasts")).to_contain_text("The world was reset")


def test_the_keyboard_goes_everywhere(page: Any, inspector_url: str) -> None:
    page.goto(inspector_url)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.subject')"):
            break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowDown")
    second = page.locator(".subject").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "status-spam":
            break
    page.keyboard.press("Space")
    expect(page.locator("#status-spam")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#status-spam")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".subject:focus")).to_have_count(1)


def test_every_control_has_a_name(page: Any, inspector_url: str) -> None:
    for query in ("", "&ticket=42"):
        page.goto(inspector_url + query)
        page.evaluate(OPEN_ALL)
        tree = page.locator("body").aria_snapshot()
        assert NAMELESS.findall(tree) == []
        assert tree.count("- button") > 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["list", "ticket", "trouble", "missing"])
def test_every_text_has_the_contrast_of_wcag_aa(
    open_tab: Any, inspector_url: str, server: Serving, jane: str, scheme: str, place: str
) -> None:
    url = {
        "list": inspector_url,
        "ticket": f"{inspector_url}&ticket=42",
        "trouble": f"{inspector_url}&filter[nope]=1",
        "missing": f"{server.url}/?world=never-opened",
    }[place]
    with open_tab(color_scheme=scheme) as page:
        page.goto(url)
        if place != "missing":
            expect(page.locator("#live")).to_have_text("live")
            server.get("/api/tickets?filter[nope]=1", jane)
            server.get("/api/tickets?__code=429", jane)
            page.locator("#fault").fill("nonsense")
            page.locator("#add-fault").click()
            expect(page.locator(".refusal")).to_be_visible()
            expect(page.locator(EXCHANGES)).to_have_count(2)
            page.evaluate(OPEN_ALL)
            expect(page.locator(".whole pre").first).to_be_visible()
        judged = page.evaluate(FAINT_TEXTS)

    assert judged["seen"] > (3 if place == "missing" else 40)
    assert judged["faint"] == []


@pytest.mark.parametrize(
    "query",
    ["", "&ticket=42", "&filter[search]=Pneumono", "&filter[search]=Thirty", "&filter[nope]=1"],
)
def test_a_narrow_screen_scrolls_in_one_direction_only(
    open_tab: Any, inspector_url: str, query: str
) -> None:
    with open_tab(**NARROW) as page:
        page.goto(inspector_url + query)
        if "search" in query:
            page.locator(".subject").first.click()
            expect(page.locator("#subject")).to_be_visible()
        page.evaluate(OPEN_ALL)
        assert page.evaluate("document.documentElement.scrollWidth") == 375
        assert page.locator(FIELDS).evaluate_all(TOO_LOW) == []
