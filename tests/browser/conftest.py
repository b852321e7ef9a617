from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest
import requests

from tests.support.browsing import chromium, other_origin, tab
from tests.support.harness import Serving

Tab = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture
def open_tab(browser: Any) -> Tab:
    return partial(tab, browser)


@pytest.fixture
def page(open_tab: Tab) -> Iterator[Any]:
    with open_tab() as opened:
        yield opened


@pytest.fixture
def inspector_url(browser: Any, server: Serving, jane: str, world_name: str) -> str:
    """The inspector on the test's own world, acting as Jane, its journal empty."""
    assert server.get("/api/tickets", jane).status_code == 200  # opens the world
    requests.delete(f"{server.url}/_mock/journal", params={"world": world_name}, timeout=30)
    return f"{server.url}/?world={world_name}&as=jane"


@pytest.fixture
def front_end(browser: Any) -> Iterator[Any]:
    """A page of another origin, where an application under development would be."""
    with other_origin() as url, tab(browser) as opened:
        opened.goto(url)
        yield opened
