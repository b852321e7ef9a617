"""The pytest plugin and MockServer: a mock for each session, a world for each test."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from mockserver.contract.errors import FixtureError
from mockserver.testing import AdminApiError, MockServer, TicketWorld
from tests.support.harness import CLOCK, WORLD_FILE


def run_pytest(folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a folder's tests as an application would: only the plugin is known."""
    environment = os.environ | variables
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    command += ["-q", "-c", os.devnull, f"--rootdir={folder}", *options, str(folder)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_workers_of_xdist_have_a_mock_each_without_configuration(tmp_path: Path) -> None:
    (tmp_path / "test_parallel.py").write_text(
        """
import os
import pytest

@pytest.mark.parametrize("number", range(24))
def test_alone(ticket_world, mock_server, number):
    ids = [ticket["id"] for ticket in ticket_world.tickets(per_page=100)][:5]
    for id in ids:
        assert ticket_world.ticket(id)["status"] != "spam" or number < 0
        ticket_world.put(f"/api/tickets/{id}/status", {"status": "spam"})
    with open(os.environ["SEEN"], "a") as seen:
        seen.write(f"{os.environ['PYTEST_XDIST_WORKER']} {mock_server.url}\\n")

@pytest.fixture(scope="session")
def mock_server_options():
    return {"world": os.environ["WORLD_FILE"]}

@pytest.fixture
def ticket_world(mock_server):
    with mock_server.open_world(user="ann") as world:
        for id in (1, 2, 3, 4, 5, 6):
            world.put(f"/api/tickets/{id}/status", {"status": "open"})
        yield world
"""
    )
    seen = tmp_path / "seen.txt"
    plugins = ("-p", "xdist", "-p", "mockserver.testing.plugin")  # the others take seconds to load
    variables = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "SEEN": str(seen), "WORLD_FILE": WORLD_FILE}
    ran = run_pytest(tmp_path, *plugins, "-n", "3", **variables)
    assert ran.returncode == 0, ran.stdout
    pairs = {tuple(line.split()) for line in seen.read_text().splitlines()}
    assert len(pairs) == len({worker for worker, _ in pairs}) == len({url for _, url in pairs}) == 3


@pytest.fixture(scope="module")
def mock() -> MockServer:
    with MockServer(world="demo", clock=CLOCK) as server:
        yield server


def test_a_world_is_there_within_its_with_and_gone_after(mock: MockServer) -> None:
    with mock.open_world("mine") as world:
        assert world.token == "jane@mine"
        assert world.tickets(per_page=5)[4]["id"]
        with pytest.raises(AdminApiError, match="409: World 'mine'"):
            mock.open_world("mine").__enter__()
    with pytest.raises(AdminApiError, match="404"):
        mock.admin("GET", "/_mock/worlds/mine")


def test_the_world_pulls_every_lever_of_its_own(mock: MockServer) -> None:
    with mock.open_world(seed=3, tickets=30, user="alice") as world:
        ticket = world.receive_ticket(subject="Hello")
        assert world.set_clock("2027-01-01T00:00:00Z") == "2027-01-01T00:00:00+00:00"
        assert world.advance(hours=1) == "2027-01-01T01:00:00+00:00"
        assert world.answer(ticket["id"])["messages"][-1]["type"] == "outbound"
        assert world.note(ticket["id"])["messages"][-1]["type"] == "note"
        assert world.receive_reply(ticket["id"])["messages"][-1]["type"] == "inbound"
        assert [tag["id"] for tag in world.tag(ticket["id"], 3)["tags"]] == [3]
        assert world.untag(ticket["id"], 3)["tags"] == []
        world.snapshot("now")
        assert len(world.run_actions(4)) == 4
        world.restore("now")
        assert world.ticket(ticket["id"])["updated_at"] == "2027-01-01T01:00:00+00:00"
        world.reset()
        assert world.get(f"/api/tickets/{ticket['id']}").status_code == 404
        assert requests.get(f"{world.url}/api/tickets", headers=world.headers, timeout=10).ok


def test_undocumented_requests_fail_the_test_that_made_them(mock: MockServer) -> None:
    with mock.open_world() as world, mock.open_world() as other:
        world.get("/api/tickets", **{"filter[chanel_ids]": "1"})
        with pytest.raises(AssertionError, match="channel_ids") as failed:
            world.assert_only_documented_requests()
        assert all(entry.frame.f_locals.get("__tracebackhide__") for entry in failed.traceback[1:])
        with pytest.raises(AssertionError, match="no request was recorded; check that"):
            other.assert_only_documented_requests()
        other.get("/api/tickets")
        other.assert_only_documented_requests()


@pytest.mark.slow
def test_sixty_four_workers_do_not_meet(mock: MockServer) -> None:
    def work(number: int) -> None:
        with mock.open_world(f"worker-{number}") as world:
            ids = [ticket["id"] for ticket in world.tickets(per_page=3)]
            for id in ids:
                assert world.put(f"/api/tickets/{id}/assignee", {"user_id": 1 + number % 4}).ok
            mine = world.receive_ticket(subject=f"of worker {number}")
            found = world.tickets(**{"filter[search]": "of worker"})
            assert [ticket["subject"] for ticket in found] == [f"of worker {number}"]
            assert [world.ticket(id)["assignee"]["id"] for id in ids] == [1 + number % 4] * 3
            assert world.ticket(mine["id"])["subject"] == f"of worker {number}"

    with ThreadPoolExecutor(64) as pool:
        for done in [pool.submit(work, number) for number in range(64)]:
            done.result()
    shared = TicketWorld(mock, "shared")
    assert shared.tickets(**{"filter[search]": "of worker"}) == []


def test_a_server_that_cannot_start_says_why() -> None:
    with pytest.raises(FixtureError, match="the world does not exist"):
        MockServer(world="nowhere").start()


def test_the_options_of_config_apply_but_for_the_host() -> None:
    with MockServer(world="small", activity=50) as server:
        activity = server.admin("GET", "/_mock/worlds/shared/activity")["activity"]
    assert activity["per_second"] == 50
    with pytest.raises(TypeError, match="host"):
        MockServer(host="0.0.0.0")


def test_a_stopped_server_leaves_nothing_behind(tmp_path: Path) -> None:
    server = MockServer(world="small").start()
    url, folder = server.url, Path(server.app.extensions["store"].url.removeprefix("sqlite:///"))
    server.stop()
    server.stop()
    assert not folder.exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=2)
    with MockServer(world="small", port=int(url.rpartition(":")[2])) as again:
        assert again.url == url


def test_a_netrc_file_and_a_proxy_do_not_change_a_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login anna password made-up\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("NO_PROXY", "")
    with MockServer(world="small") as server, server.open_world() as world:
        assert world.receive_ticket(subject="Hello")["subject"] == "Hello"
        assert world.get("/api/tickets").request.headers["Authorization"] == (
            f"Bearer {world.token}"
        )


def test_put_raises_what_was_refused_and_a_fault_affects_its_world_alone() -> None:
    with MockServer(world="small") as server, server.open_world("a") as world:
        with pytest.raises(requests.HTTPError, match=r"PUT /api/tickets/42/status in .* a: 404: "):
            world.put("/api/tickets/42/status", {"status": "closed"})
        assert world.fault(kind="error", status=503, times=1)["world"] == "a"
        with server.open_world("b") as other:
            assert other.get("/api/tickets").status_code == 200
        assert [world.get("/api/tickets").status_code for _ in range(2)] == [503, 200]
        assert world.fault("error=503 times=1")["fault"] == "error=503 times=1"
        with pytest.raises(AdminApiError, match="did you mean error"):
            world.fault("eror=503")
