"""A typed client that another tool generates from the contract works against the mock."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.harness import Serving

SESSION = """\
import sys

from help_desk import AuthenticatedClient
from help_desk.api.tickets import (
    get_ticket,
    list_tickets,
    update_ticket_assignee,
    update_ticket_status,
)
from help_desk.models import AssigneeChange, ListTicketsSortItem, Status, StatusChange
from help_desk.models import ApiError, ValidationError

client = AuthenticatedClient(sys.argv[1], token=sys.argv[2], raise_on_unexpected_status=True)
page = list_tickets.sync(
    client=client,
    filterstatus=[Status.OPEN],
    filterunassigned=True,
    sort=[ListTicketsSortItem.VALUE_1],
    per_page=10,
)
assert page.meta.per_page == 10 and page.links.prev is None
assert page.data, "no open ticket without an assignee"
assert all(ticket.status is Status.OPEN and ticket.assignee is None for ticket in page.data)
times = [ticket.created_at for ticket in page.data]
assert times == sorted(times, reverse=True), "VALUE_1 is -created_at"

first = page.data[0]
ticket = get_ticket.sync(first.id, client=client).ticket
assert ticket.ulid == first.ulid and ticket.messages[0].created_at.tzinfo

closed = update_ticket_status.sync(
    first.id, client=client, body=StatusChange(status=Status.CLOSED)
).ticket
assert closed.status is Status.CLOSED and closed.updated_at > first.updated_at

taken = update_ticket_assignee.sync(first.id, client=client, body=AssigneeChange(user_id=5)).ticket
assert taken.assignee.name == "Jane Smith"
freed = update_ticket_assignee.sync(first.id, client=client, body=AssigneeChange(user_id=None))
assert freed.ticket.assignee is None

log = get_ticket.sync(first.id, client=client).ticket.activities
assert [entry.type_ for entry in log[-3:]] == [
    "status_changed",
    "assignee_changed",
    "assignee_changed",
]
assert log[-1].user.name == "Jane Smith"
rest = list_tickets.sync(client=client, filterstatus=[Status.OPEN], per_page=100).data
assert first.id not in [ticket.id for ticket in rest]

missing = get_ticket.sync(9999, client=client)
assert isinstance(missing, ApiError) and "9999" in missing.message
refused = update_ticket_assignee.sync(first.id, client=client, body=AssigneeChange(user_id=999))
assert isinstance(refused, ValidationError)
assert refused.errors["user_id"] == ["The selected user id is invalid."]
stranger = AuthenticatedClient(sys.argv[1], token="nobody")
assert get_ticket.sync(first.id, client=stranger).message == "Unauthenticated."
print("done")
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the generated package."""
    folder = tmp_path_factory.mktemp("client")
    spec = subprocess.run(
        [sys.executable, "-m", "mockserver", "spec", "--json"], check=True, capture_output=True
    )
    (folder / "spec.json").write_bytes(spec.stdout)
    (folder / "config.yaml").write_text("post_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    paths = ["--path", "spec.json", "--config", "config.yaml", "--output-path", "help_desk"]
    done = subprocess.run(
        [*command, *paths], cwd=folder, capture_output=True, text=True, check=True
    )
    assert "arning" not in done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_a_generated_client_lists_reads_and_updates_tickets(
    client: Path, server: Serving, jane: str
) -> None:
    (client / "session.py").write_text(SESSION)
    command = [sys.executable, "session.py", server.url, jane]
    done = subprocess.run(
        command, cwd=client, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
