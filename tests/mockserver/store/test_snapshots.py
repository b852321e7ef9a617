"""Snapshots: a world's state and clock under a name."""

from collections.abc import Iterator

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from tests.support.admin import Levers, everything
from tests.support.harness import CLOCK, DESK, NewDatabase

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def mock(new_database: NewDatabase) -> Iterator[Levers]:
    app = create_app(Config(world=DESK, clock=CLOCK, database=new_database()))
    yield Levers(app)
    app.extensions["store"].close()


@pytest.fixture
def levers(mock: Levers, world_name: str) -> Levers:
    mock.open(world_name)
    return mock


def disturb(levers: Levers, world: str) -> None:
    """Change everything that a world can have changed."""
    api = levers.api(f"ann@{world}")
    api.put("/api/tickets/1/status", {"status": "spam"})
    api.put("/api/tickets/2/assignee", {"user_id": 2})
    levers.ask("POST", f"/worlds/{world}/tickets", {"contact": {"email": "a@b.example"}})
    levers.ask("POST", f"/worlds/{world}/tickets/2/reply", {})
    levers.ask("PUT", f"/worlds/{world}/tickets/1/tags/12")
    levers.ask("POST", f"/worlds/{world}/clock/advance", {"days": 1})


def test_a_restored_world_is_as_it_was(levers: Levers, world_name: str) -> None:
    api = levers.api(f"ann@{world_name}")
    disturb(levers, world_name)
    saved = everything(api), levers.ask("GET", f"/worlds/{world_name}")["world"]
    levers.ask("PUT", f"/worlds/{world_name}/snapshots/one")
    disturb(levers, world_name)
    assert everything(api) != saved[0]
    restored = levers.ask("POST", f"/worlds/{world_name}/snapshots/one/restore")["world"]
    assert everything(api) == saved[0]
    assert restored["clock"] == saved[1]["clock"]
    assert restored["changes"] == saved[1]["changes"]


def test_a_snapshot_outlives_reset_and_can_be_restored_twice(
    levers: Levers, world_name: str
) -> None:
    api = levers.api(f"ann@{world_name}")
    disturb(levers, world_name)
    saved = everything(api)
    levers.ask("PUT", f"/worlds/{world_name}/snapshots/one")
    for _ in range(2):
        levers.ask("POST", f"/worlds/{world_name}/reset")
        assert everything(api) != saved
        levers.ask("POST", f"/worlds/{world_name}/snapshots/one/restore")
        assert everything(api) == saved
        disturb(levers, world_name)


def test_a_snapshot_is_replaced_by_another_of_its_name(levers: Levers, world_name: str) -> None:
    api = levers.api(f"ann@{world_name}")
    levers.ask("PUT", f"/worlds/{world_name}/snapshots/one")
    disturb(levers, world_name)
    changed = everything(api)
    levers.ask("PUT", f"/worlds/{world_name}/snapshots/one")
    levers.ask("PUT", f"/worlds/{world_name}/snapshots/two")
    listed = levers.ask("GET", f"/worlds/{world_name}/snapshots")["snapshots"]
    assert [each["name"] for each in listed] == ["one", "two"]
    levers.ask("POST", f"/worlds/{world_name}/reset")
    levers.ask("POST", f"/worlds/{world_name}/snapshots/one/restore")
    assert everything(api) == changed


def test_a_snapshot_brings_back_the_seed_that_an_import_replaced(
    levers: Levers, world_name: str
) -> None:
    api = levers.api(f"ann@{world_name}")
    disturb(levers, world_name)
    saved = everything(api)
    levers.ask("PUT", f"/worlds/{world_name}/snapshots/one")
    other = {"workspaces": [{"name": "X"}]}
    levers.ask("PUT", f"/worlds/{world_name}", other)
    assert api.get("/api/tickets").status_code == 401
    levers.ask("POST", f"/worlds/{world_name}/snapshots/one/restore")
    assert everything(api) == saved
    disturb(levers, world_name)
    assert api.get("/api/tickets/1").json["ticket"]["status"] == "spam"


def test_snapshots_of_one_world_are_not_anothers(levers: Levers, world_name: str) -> None:
    levers.open(f"{world_name}-b")
    levers.ask("PUT", f"/worlds/{world_name}/snapshots/one")
    path = f"/worlds/{world_name}-b/snapshots/one"
    assert levers.pull("POST", f"{path}/restore").status_code == 404
    assert levers.pull("DELETE", path).status_code == 404


def test_a_deleted_snapshot_is_gone(levers: Levers, world_name: str) -> None:
    path = f"/worlds/{world_name}/snapshots/one"
    levers.ask("PUT", path)
    assert levers.pull("DELETE", path).status_code == 204
    assert levers.pull("POST", f"{path}/restore").status_code == 404


def test_a_world_has_a_bounded_number_of_snapshots(levers: Levers, world_name: str) -> None:
    for number in range(50):
        levers.ask("PUT", f"/worlds/{world_name}/snapshots/s{number}")
    refused = levers.pull("PUT", f"/worlds/{world_name}/snapshots/more")
    assert refused.status_code == 409
    levers.ask("PUT", f"/worlds/{world_name}/snapshots/s0")
    assert len(levers.ask("GET", f"/worlds/{world_name}/snapshots")["snapshots"]) == 50
