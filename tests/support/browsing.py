"""What the browser tests open: Chromium that stays on this machine, and another origin's page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    # A name that page or browser should not ask for resolves to nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
NARROW = {"viewport": {"width": 375, "height": 812}, "has_touch": True}
EXCHANGES = "#exchanges > li"
OPEN_ALL = "document.querySelectorAll('details').forEach((part) => { part.open = true; })"
FAINT_TEXTS = Path(__file__).with_name("contrast.js").read_text()
"""Every text that WCAG AA finds too faint, with its colours and their contrast."""


def chromium_path() -> str:
    """Return the path of the browser; where there is none the test is skipped, or fails in CI."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        _lacking("Chromium is not installed")
    return path


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser; where there is none the test is skipped, and fails under CI."""
    path = chromium_path()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _lacking("Playwright for Python is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


def _lacking(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def tab(browser: Any, **options: Any) -> Iterator[Any]:
    """Open a page whose requests, errors and dialogs are watched until it closes."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    context.set_default_timeout(20_000)
    asked: list[str] = []
    trouble: list[str] = []

    def dismiss(dialog: Any) -> None:
        trouble.append(dialog.message)
        dialog.dismiss()

    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: trouble.append(str(error.error)))
    context.on("dialog", dismiss)
    page = context.new_page()
    yield page
    context.close()
    assert {urlsplit(url).hostname for url in asked if url.startswith("http")} <= {"127.0.0.1"}
    assert trouble == []


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><title>A front end</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def other_origin() -> Iterator[str]:
    """Serve an empty page from another port; return its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Blank) as server:
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.05))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


_FETCH = """async ([url, options]) => {
    try {
        const reply = await fetch(url, {credentials: "include", ...options});
        return {status: reply.status, body: await reply.text()};
    } catch (error) { return {status: 0, body: String(error)}; }
}"""


def expect(locator: Any) -> Any:
    """Wait until what is asserted of a part of a page comes true."""
    from playwright.sync_api import expect as expect_

    expect_.set_options(timeout=20_000)  # a ceiling for a machine under load, not a measure
    return expect_(locator)


def fetch(page: Any, url: str, token: str | None = None, **options: Any) -> dict[str, Any]:
    """Fetch from within a page, as its scripts would; status 0: the browser let nothing through."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    found: dict[str, Any] = page.evaluate(_FETCH, [url, {"headers": headers, **options}])
    return found
