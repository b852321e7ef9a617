"""The pictures of README.md and docs/; SCREENSHOTS=1 keeps them in docs/screenshots."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from contract_tests.report.formats import html
from contract_tests.report.history.page import render
from contract_tests.report.history.run_line import read
from tests.contract_tests.adaptations.test_drift import checked
from tests.support.browsing import EXCHANGES, NARROW, expect
from tests.support.console import ROOT
from tests.support.drift import DRIFTS
from tests.support.harness import CLOCK, Serving, serving
from tests.support.nights import run_night

pytestmark = pytest.mark.slow

DEFECTS = ("filter-status-ignored", "meta-total-text", "status-not-stored")


@pytest.mark.parametrize(
    ("name", "query", "options"),
    [
        ("inspector", "", {}),
        ("inspector-ticket", "&ticket={ticket}", {"color_scheme": "dark"}),
        ("inspector-narrow", "", NARROW),
    ],
)
def test_the_inspector_is_pictured(
    open_tab: Any, server: Serving, tmp_path: Path, name: str, query: str, options: dict[str, Any]
) -> None:
    jane, world = f"jane@{name}", {"world": name}
    ticket = server.get("/api/tickets?filter[status]=open", jane).json()["data"][2]["id"]
    server.get("/api/tickets?filter[channel]=1", jane)
    fault = {"fault": "error=20%:503 operation=listTickets"}
    requests.post(f"{server.url}/_mock/faults", params=world, json=fault, timeout=30)
    with open_tab(**options) as page:
        page.goto(f"{server.url}/?world={name}&as=jane{query.format(ticket=ticket)}")
        expect(page.locator("#live")).to_have_text("live")
        server.put(f"/api/tickets/{ticket}/assignee", {"user_id": 5}, jane)
        expect(page.locator(EXCHANGES)).to_have_count(3)
        expect(page.locator("#state")).to_contain_text("Changes1")
        take(page, tmp_path / f"{name}.png")


def test_the_html_report_is_pictured(open_tab: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    planted = [word for name in DEFECTS for word in ("--defect", name)]
    with serving("--clock", CLOCK, *planted) as mock:
        target = ("--base-url", mock.url, "--token", "jane", "--write-tickets", "any")
        command = [sys.executable, "-m", "contract_tests", *target, "--html", str(report)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    with open_tab(viewport={"width": 1000, "height": 1100}) as page:
        page.goto(report.as_uri())
        expect(page.locator("h1")).to_contain_text("Violated")
        take(page, tmp_path / "report.png")


def test_the_report_of_differences_is_pictured(open_tab: Any, tmp_path: Path) -> None:
    profile = "standard" if os.environ.get("SCREENSHOTS") else "quick"
    drift = replace(DRIFTS["all"], base="/api", parameters={})
    found, _, _ = checked(drift, tmp_path, profile)
    report = tmp_path / "differences.html"
    report.write_text(html.text(found), encoding="utf-8")
    with open_tab(viewport={"width": 1000, "height": 1300}) as page:
        page.goto(report.as_uri())
        expect(page.locator("#differences h2")).to_contain_text("differences")
        take(page, tmp_path / "differences.png")


def test_the_history_is_pictured(open_tab: Any, tmp_path: Path) -> None:
    nights = range(30) if os.environ.get("SCREENSHOTS") else (0, 9, 12)
    for night in nights:
        run_night(night, tmp_path)
    history = tmp_path / "history.html"
    history.write_text(render(*read(tmp_path)), encoding="utf-8")
    with open_tab(viewport={"width": 1100, "height": 900}) as page:
        page.goto(history.as_uri())
        expect(page.locator("h1")).to_contain_text("Violated")
        expect(page.locator(".lead")).to_contain_text("list.filter.unassigned is violated since")
        take(page, tmp_path / "history.png")


def take(page: Any, picture: Path) -> None:
    page.screenshot(path=picture)
    assert 20_000 < picture.stat().st_size < 300_000
    if os.environ.get("SCREENSHOTS"):
        kept = ROOT / "docs" / "screenshots"
        kept.mkdir(exist_ok=True)
        shutil.copy(picture, kept)
