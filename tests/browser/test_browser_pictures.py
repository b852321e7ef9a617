import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import requests

from mockserver.contract import resources
from tests.support.browsing import EXCHANGES, NARROW, expect
from tests.support.harness import Serving


@pytest.mark.parametrize(
    ("name", "query", "options"),
    [
        ("inspector", "", {}),
        ("inspector-ticket", "&ticket={ticket}", {"color_scheme": "dark"}),
        ("inspector-narrow", "", NARROW),
    ],
)
def test_a_picture_is_taken_for_the_readme(
    open_tab: Any, server: Serving, tmp_path: Path, name: str, query: str, options: dict[str, Any]
) -> None:
    """Kept under docs/screenshots when SCREENSHOTS is set."""
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
        picture = tmp_path / f"{name}.png"
        page.screenshot(path=picture)

    assert 20_000 < picture.stat().st_size < 300_000
    if os.environ.get("SCREENSHOTS"):
        kept = resources.root() / "docs" / "screenshots"
        kept.mkdir(exist_ok=True)
        shutil.copy(picture, kept)
