"""Snapshots: a world's state and clock under a name."""

import pytest

from tests.support.admin import AdminClient, everything

pytestmark = pytest.mark.both_databases


@pytest.fixture
def admin(admin: AdminClient, world_name: str) -> AdminClient:
    admin.open(world_name)
    return admin


def disturb(admin: AdminClient, world: str) -> None:
    """Change everything that a world can have changed."""
    api = admin.api(f"ann@{world}")
    api.put("/api/tickets/1/status", {"status": "spam"})
    api.put("/api/tickets/2/assignee", {"user_id": 2})
    admin.json("POST", f"/worlds/{world}/tickets", {"contact": {"email": "a@b.example"}})
    admin.json("POST", f"/worlds/{world}/tickets/2/reply", {})
    admin.json("PUT", f"/worlds/{world}/tickets/1/tags/12")
    admin.json("POST", f"/worlds/{world}/clock/advance", {"days": 1})


def test_a_restored_world_is_as_it_was(admin: AdminClient, world_name: str) -> None:
    api = admin.api(f"ann@{world_name}")
    disturb(admin, world_name)
    saved = everything(api), admin.json("GET", f"/worlds/{world_name}")["world"]
    admin.json("PUT", f"/worlds/{world_name}/snapshots/one")
    disturb(admin, world_name)
    assert everything(api) != saved[0]
    restored = admin.json("POST", f"/worlds/{world_name}/snapshots/one/restore")["world"]
    assert everything(api) == saved[0]
    assert restored["clock"] == saved[1]["clock"]
    assert restored["changes"] == saved[1]["changes"]


def test_a_snapshot_outlives_reset_and_can_be_restored_twice(
    admin: AdminClient, world_name: str
) -> None:
    api = admin.api(f"ann@{world_name}")
    disturb(admin, world_name)
    saved = everything(api)
    admin.json("PUT", f"/worlds/{world_name}/snapshots/one")
    for _ in range(2):
        admin.json("POST", f"/worlds/{world_name}/reset")
        assert everything(api) != saved
        admin.json("POST", f"/worlds/{world_name}/snapshots/one/restore")
        assert everything(api) == saved
        disturb(admin, world_name)


def test_a_snapshot_is_replaced_by_another_of_its_name(admin: AdminClient, world_name: str) -> None:
    api = admin.api(f"ann@{world_name}")
    admin.json("PUT", f"/worlds/{world_name}/snapshots/one")
    disturb(admin, world_name)
    changed = everything(api)
    admin.json("PUT", f"/worlds/{world_name}/snapshots/one")
    admin.json("PUT", f"/worlds/{world_name}/snapshots/two")
    listed = admin.json("GET", f"/worlds/{world_name}/snapshots")["snapshots"]
    assert [each["name"] for each in listed] == ["one", "two"]
    admin.json("POST", f"/worlds/{world_name}/reset")
    admin.json("POST", f"/worlds/{world_name}/snapshots/one/restore")
    assert everything(api) == changed


def test_a_snapshot_brings_back_the_seed_that_an_import_replaced(
    admin: AdminClient, world_name: str
) -> None:
    api = admin.api(f"ann@{world_name}")
    disturb(admin, world_name)
    saved = everything(api)
    admin.json("PUT", f"/worlds/{world_name}/snapshots/one")
    other = {"workspaces": [{"name": "X"}]}
    admin.json("PUT", f"/worlds/{world_name}", other)
    assert api.get("/api/tickets").status_code == 401
    admin.json("POST", f"/worlds/{world_name}/snapshots/one/restore")
    assert everything(api) == saved
    disturb(admin, world_name)
    assert api.get("/api/tickets/1").json["ticket"]["status"] == "spam"


def test_snapshots_of_one_world_are_not_anothers(admin: AdminClient, world_name: str) -> None:
    admin.open(f"{world_name}-b")
    admin.json("PUT", f"/worlds/{world_name}/snapshots/one")
    path = f"/worlds/{world_name}-b/snapshots/one"
    assert admin.request("POST", f"{path}/restore").status_code == 404
    assert admin.request("DELETE", path).status_code == 404


def test_a_deleted_snapshot_is_gone(admin: AdminClient, world_name: str) -> None:
    path = f"/worlds/{world_name}/snapshots/one"
    admin.json("PUT", path)
    assert admin.request("DELETE", path).status_code == 204
    assert admin.request("POST", f"{path}/restore").status_code == 404


def test_a_world_has_a_bounded_number_of_snapshots(admin: AdminClient, world_name: str) -> None:
    for number in range(50):
        admin.json("PUT", f"/worlds/{world_name}/snapshots/s{number}")
    refused = admin.request("PUT", f"/worlds/{world_name}/snapshots/more")
    assert refused.status_code == 409
    admin.json("PUT", f"/worlds/{world_name}/snapshots/s0")
    assert len(admin.json("GET", f"/worlds/{world_name}/snapshots")["snapshots"]) == 50
