"""The pytest plugin: a mock for the session, a private world for each test.

Under pytest-xdist every worker has a mock of its own, without configuration.
"""

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.testing.server import MockServer, TicketWorld


@pytest.fixture(scope="session")
def mock_server_options() -> dict[str, Any]:
    """Options of MockServer; override this fixture to choose a world, a seed or a clock."""
    return {}


@pytest.fixture(scope="session")
def mock_server(mock_server_options: dict[str, Any]) -> "Iterator[MockServer]":
    """A mock of the tickets API on a free port, for the whole session."""
    # Imported here: every pytest run in this environment loads the plugin.
    from mockserver.testing.server import MockServer  # noqa: PLC0415

    with MockServer(**mock_server_options) as server:
        yield server


@pytest.fixture
def ticket_world(
    mock_server: "MockServer", request: pytest.FixtureRequest
) -> "Iterator[TicketWorld]":
    """A private world of the mock, gone after the test."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")[:40]
    with mock_server.open_world(f"{name or 'test'}-{uuid4().hex[:8]}") as world:
        yield world
