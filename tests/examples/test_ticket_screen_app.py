"""The ticket screen of tests/examples/ticket_screen: typed, built, and tested in a browser."""

import os
import shutil
from pathlib import Path

import pytest

from mockserver.admin.openapi.javascript import client
from tests.examples.test_javascript import run
from tests.support.browsing import chromium_path
from tests.support.console import ROOT
from tests.support.harness import free_port

SOURCE = Path(__file__).with_name("ticket_screen")
PAGE = (ROOT / "docs" / "front-end.md").read_text(encoding="utf-8")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
]


def test_it_is_typed_by_the_contract_and_its_tests_pass(tmp_path: Path) -> None:
    shutil.copytree(SOURCE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "tests" / "mock.ts").write_text(client(typed=True), encoding="utf-8")
    run(tmp_path, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error")
    for script in ("generate", "types", "build"):
        run(tmp_path, "npm", "run", "--silent", script)
    shown = run(
        tmp_path,
        *("npx", "playwright", "test"),
        MOCK_URL=f"http://127.0.0.1:{free_port()}",
        APP_PORT=str(free_port()),
        CHROMIUM=chromium_path(),
        PICTURES=str(tmp_path / "pictures"),
    )
    assert "21 passed" in shown
    if os.environ.get("SCREENSHOTS"):
        for name in ("ticket-screen",):
            picture = tmp_path / "pictures" / f"{name}.png"
            shutil.copy(picture, ROOT / "docs" / "screenshots")


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("src/ticket.tsx", "optimistic"),
        ("tests/inbox.spec.ts", "stale"),
        ("tests/ticket.spec.ts", "rollback"),
    ],
)
def test_the_page_shows_its_code(file: str, part: str) -> None:
    text = (SOURCE / file).read_text(encoding="utf-8")
    code = text.partition(f"// <{part}>\n")[2].partition(f"// </{part}>")[0]
    assert code
    assert code in PAGE
