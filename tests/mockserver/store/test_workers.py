"""Several processes over one state: what one of them answered, each of them shows at once."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.server.process import Worker
from mockserver.store import peers
from tests.support.admin import Levers
from tests.support.harness import CLOCK, DESK, Api, NewDatabase, Serving, refused, serving

pytestmark = pytest.mark.both_databases

STATUSES = ("closed", "spam", "open")

MakeTwo = Callable[..., tuple[Flask, Flask]]


def close(app: Flask) -> None:
    Worker(Config(), app)._leave()
    app.extensions["store"].close()


@pytest.fixture
def make_two(new_database: NewDatabase, tmp_path: Path) -> Iterator[MakeTwo]:
    """Make two mocks over one state, as two processes have them."""
    with ExitStack() as stack:

        def make(**options: Any) -> tuple[Flask, Flask]:
            url = new_database() or f"sqlite:///{tmp_path}/mock.db"
            given = {"world": DESK, "clock": CLOCK, "database": url, "workers": 2, **options}
            apps = create_app(Config(**given)), create_app(Config(**given))
            for app in apps:
                stack.callback(close, app)
                app.extensions["store"].sharing.peers.join()
            return apps

        yield make


@pytest.fixture
def two(make_two: MakeTwo) -> tuple[Flask, Flask]:
    return make_two()


def in_turn(apps: tuple[Flask, Flask], requests: int, path: str = "/api/tickets") -> list[int]:
    turn = cycle([Api(app, "ann") for app in apps])
    return [next(turn).get(path).status_code for _ in range(requests)]


def test_a_write_shows_in_the_other_at_once(two: tuple[Flask, Flask]) -> None:
    one, other = (Api(app, "ann@w") for app in two)
    for status in STATUSES * 3:
        assert one.change(1, status=status)["status"] == status
        assert other.ticket(1)["status"] == status
        assert 1 in other.ids(f"filter[status]={status}")
        one, other = other, one


def test_a_world_that_both_open_at_once_is_one_world(two: tuple[Flask, Flask]) -> None:
    for number in range(20):
        callers = [Api(app, f"ann@new-{number}") for app in two]
        with ThreadPoolExecutor(2) as pool:
            codes = list(pool.map(lambda each: each.get("/api/tickets").status_code, callers))
        assert codes == [200, 200]
    names = [each["name"] for each in Levers(two[0]).ask("GET", "/worlds")["worlds"]]
    assert sorted(names) == sorted({*names})


def test_worlds_snapshots_and_clocks_are_those_of_all(two: tuple[Flask, Flask]) -> None:
    one, other = map(Levers, two)
    one.open("w")
    other.ask("PUT", "/worlds/w/snapshots/then")
    one.api("ann@w").change(1, status="spam")
    one.ask("PUT", "/worlds/w/clock", {"now": "2030-01-01T00:00:00Z"})
    assert other.ask("GET", "/worlds/w/clock")["clock"]["now"] == "2030-01-01T00:00:00+00:00"
    other.ask("POST", "/worlds/w/snapshots/then/restore")
    assert one.api("ann@w").ticket(1)["status"] != "spam"
    letter = other.ask("POST", "/worlds/w/tickets", {"subject": "Hello"})["ticket"]
    assert one.api("ann@w").ticket(letter["id"])["subject"] == "Hello"
    other.pull("DELETE", "/worlds/w")
    assert one.pull("GET", "/worlds/w").status_code == 404


def test_resets_beside_writers_and_readers_answer_everybody(two: tuple[Flask, Flask]) -> None:
    levers = Levers(two[0])
    levers.open("w")
    levers.ask("PUT", "/worlds/w/snapshots/then")

    def write(_: int) -> set[int]:
        ann = Api(two[1], "ann@w")
        change = (
            ann.put(f"/api/tickets/{1 + n % 6}/status", {"status": STATUSES[n % 3]})
            for n in range(60)
        )
        return {reply.status_code for reply in change}

    with ThreadPoolExecutor(2) as pool:
        work = [pool.submit(write, n) for n in range(2)]
        for _ in range(15):
            levers.ask("POST", "/worlds/w/reset")
            levers.ask("POST", "/worlds/w/snapshots/then/restore")
            assert len(Api(two[0], "ann@w").ids()) == 6
        assert [each.result(timeout=60) for each in work] == [{200}, {200}]


def test_a_limit_counts_what_all_have_answered(make_two: MakeTwo) -> None:
    two = make_two(rate="5/hour")
    assert in_turn(two, 8) == [200] * 5 + [429] * 3
    ben = Api(two[1], "ben").get("/api/tickets")
    assert ben.headers["X-RateLimit-Remaining"] == "4"


def test_a_fault_is_in_force_everywhere_from_its_answer_on(two: tuple[Flask, Flask]) -> None:
    one, other = map(Levers, two)
    id = one.ask("POST", "/faults", {"fault": "error=503"})["fault"]["id"]
    assert in_turn(two, 4) == [503] * 4
    (fault,) = other.ask("GET", "/faults")["faults"]
    assert (fault["id"], fault["seen"], fault["hits"]) == (id, 4, 4)
    assert other.pull("DELETE", f"/faults/{id}").status_code == 204
    assert in_turn(two, 4) == [200] * 4


def test_a_limit_that_is_a_fault_counts_for_all(two: tuple[Flask, Flask]) -> None:
    Levers(two[0]).ask("POST", "/faults", {"fault": "rate=3/hour"})
    assert in_turn(two, 5) == [200] * 3 + [429] * 2


def test_seeded_faults_fall_as_if_there_were_one_process(
    two: tuple[Flask, Flask], desk: Flask
) -> None:
    expected = None
    for apps in ((desk, desk), two):
        Levers(apps[0]).ask("POST", "/faults?world=shared", {"fault": "error=40%:500"})
        codes = in_turn(apps, 30, "/api/tickets?page=3")
        Levers(apps[1]).ask("DELETE", "/faults")
        expected = expected or codes
        assert codes == expected
    assert {*expected} == {200, 500}


def test_a_reset_lifts_a_worlds_own_faults_everywhere(two: tuple[Flask, Flask]) -> None:
    one, other = map(Levers, two)
    one.open("w", faults=[{"fault": "latency=1"}])
    other.ask("POST", "/faults?world=w", {"fault": "error=500"})
    one.ask("POST", "/worlds/w/reset")
    texts = [each["fault"] for each in other.ask("GET", "/faults?world=w")["faults"]]
    assert texts == ["latency=1"]
    one.pull("DELETE", "/worlds/w")
    assert other.ask("GET", "/faults?world=w")["faults"] == []


def test_faults_of_the_start_are_in_force_once(make_two: MakeTwo) -> None:
    two = make_two(faults=("error=500 operation=getTicket",))
    assert len(Levers(two[1]).ask("GET", "/faults")["faults"]) == 1
    assert in_turn(two, 2, "/api/tickets/1") == [500, 500]


def test_the_journal_tells_what_all_have_answered(two: tuple[Flask, Flask]) -> None:
    assert in_turn(two, 6, "/api/tickets?page=2&filter[stauts]=open") == [400] * 6
    for levers in map(Levers, two):
        found = levers.ask("GET", "/journal")["exchanges"]
        assert len({each["number"] for each in found}) == 6
        assert [each["at"] for each in found] == sorted(each["at"] for each in found)
        assert levers.ask("GET", "/journal?limit=2")["exchanges"] == found[-2:]
        whole = levers.ask("GET", f"/journal/{found[0]['number']}")["exchange"]
        assert "stauts" in whole["reply"]["body"]
        assert levers.ask("GET", "/journal/coverage")["requests"] == 6
        verdict = levers.ask("GET", "/journal/verdict")
        assert [each["times"] for each in verdict["findings"]] == [6]
        har = levers.pull("GET", "/journal.har").json
        assert len(har["log"]["entries"]) == 6  # type: ignore[index]  # JSON
    assert Levers(two[0]).ask("DELETE", "/journal") == {"forgotten": 6}
    assert Levers(two[1]).ask("GET", "/journal")["exchanges"] == []


def test_the_stream_of_one_tells_what_the_other_answers(two: tuple[Flask, Flask]) -> None:
    stream = two[0].test_client().get("/_mock/journal/stream").response
    events = iter(stream)
    assert next(events) == b"retry: 1000\n\n"
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(lambda: [next(e for e in events if b"data: " in e) for _ in range(2)])
        sleep(0.2)
        for path in ("/api/tickets/1", "/api/tickets/2"):
            Api(two[1], "ann").get(path)
        texts = told.result(timeout=30)
    assert [f"/api/tickets/{n}".encode() in text for n, text in enumerate(texts, 1)] == [True] * 2


def test_colleagues_work_in_one_process_and_stop_from_any(two: tuple[Flask, Flask]) -> None:
    one, other = map(Levers, two)
    one.ask("PUT", "/worlds/shared/busy", {"per_second": 10})
    other.ask("PUT", "/worlds/shared/busy", {"per_second": 50})
    assert one.ask("GET", "/worlds/shared/busy")["busy"]["per_second"] == 50
    while one.ask("GET", "/worlds/shared/busy")["busy"]["acts"] < 5:
        sleep(0.01)
    assert [app.extensions["mock"].colleagues._shifts.keys() for app in two] == [
        set(),
        {"shared"},
    ]
    stopped = one.ask("DELETE", "/worlds/shared/busy")["busy"]
    sleep(0.2)
    assert other.ask("GET", "/worlds/shared/busy")["busy"] == stopped


def test_another_takes_over_the_colleagues_of_one_that_is_gone(
    make_two: MakeTwo, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_two()
    Levers(one).ask("PUT", "/worlds/shared/busy", {"per_second": 50})
    leaving = one.extensions["store"].sharing.peers
    leave = leaving.leave

    def leave_after_a_last_look() -> None:
        one.extensions["mock"].colleagues._look()
        leave()

    monkeypatch.setattr(leaving, "leave", leave_after_a_last_look)
    Worker(Config(), one)._leave()
    before = Levers(other).ask("GET", "/worlds/shared/busy")["busy"]["acts"]
    end = monotonic() + 30
    while Levers(other).ask("GET", "/worlds/shared/busy")["busy"]["acts"] <= before:
        assert monotonic() < end
        sleep(0.05)


def test_one_that_has_left_is_not_waited_for(
    two: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    for patience in ("_PATIENCE", "_LONG_PATIENCE"):
        monkeypatch.setattr(peers, patience, 60)
    two[0].extensions["store"].sharing.peers.leave()
    began = monotonic()
    Levers(two[1]).ask("GET", "/journal")
    assert monotonic() - began < 30


def test_a_fresh_start_begins_without_the_faults_of_the_last(make_two: MakeTwo) -> None:
    two = make_two()
    levers = Levers(two[0])
    levers.ask("POST", "/faults", {"fault": "error=500"})
    url = two[0].extensions["store"].url
    for app in two:
        close(app)
    (again, _) = make_two(database=url, world=None)
    assert Levers(again).ask("GET", "/faults")["faults"] == []


@pytest.fixture(scope="module")
def workers() -> Iterator[Serving]:
    with serving("--workers", "2", "--clock", CLOCK, "--tickets", "60") as running:
        yield running


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task")
    return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


def answering(server: Serving, requests: int = 60) -> set[int]:
    """Ask over new connections, and return which processes answered, by their numbers' rest."""
    for _ in range(requests):
        assert server.get("/api/tickets").status_code == 200
    found = server.get("/_mock/journal?limit=1000").json()["exchanges"]
    return {each["number"] % 100 for each in found[-requests:]}


def test_workers_share_the_port_and_the_state(workers: Serving) -> None:
    assert len(children(workers.process.pid)) == 2
    assert len(answering(workers)) == 2
    for turn in range(60):
        status = STATUSES[turn % 3]
        assert workers.put("/api/tickets/42/status", {"status": status}).status_code == 200
        assert workers.get("/api/tickets/42").json()["ticket"]["status"] == status


def test_writes_of_many_at_once_are_all_answered_and_kept(workers: Serving) -> None:
    tokens = [f"jane@many-{number % 4}" for number in range(8)]

    def write(token: str) -> list[int]:
        return [
            workers.put("/api/tickets/42/status", {"status": STATUSES[n % 3]}, token).status_code
            for n in range(40)
        ]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write, tokens)) == [[200] * 40] * 8
    for token in {*tokens}:
        ticket = workers.get("/api/tickets/42", token).json()["ticket"]
        log = [each for each in ticket["activities"] if each["type"] == "status_changed"]
        assert 40 <= len(log) - 1 <= 80


def test_a_killed_worker_is_replaced_and_no_connection_is_lost() -> None:
    with serving("--workers", "2", "--clock", CLOCK, "--tickets", "60") as running:
        before = children(running.process.pid)
        assert running.put("/api/tickets/42/status", {"status": "spam"}).status_code == 200
        os.kill(before[0], signal.SIGKILL)
        for _ in range(40):
            assert running.get("/api/tickets/42").json()["ticket"]["status"] == "spam"
        after = children(running.process.pid)
        assert len(after) == 2
        assert before[0] not in after


def test_workers_whose_parent_is_killed_end_and_take_the_temporary_database_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving("--workers", "2", "--world", "small") as running:
        assert running.get("/api/tickets").status_code == 200
        left = children(running.process.pid)
        assert len(left) == 2
        running.process.kill()
        end = monotonic() + 30
        while any(_runs(pid) for pid in left):
            assert monotonic() < end
            sleep(0.02)
    assert list(tmp_path.iterdir()) == []


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_no_workers_is_told_in_one_line() -> None:
    assert "0 is not in the range" in refused("--workers", "0").splitlines()[-1]
