from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from flask import Flask

from mockserver.api.faults import EVERY, Fault, Faults, TooManyFaults
from mockserver.api.faults.delay import Delay
from mockserver.api.faults.delivery import Delivery, TimedBody
from mockserver.contract.errors import ConfigError
from tests.support.harness import CLOCK, WORLD_FILE, Api, MakeApp, NewDatabase

FAULTS = "/_mock/faults"


@pytest.fixture
def faults(seeded_app: Flask) -> Iterator[Faults]:
    planned: Faults = seeded_app.extensions["faults"]
    yield planned
    planned.clear()


def outcomes(api: Api, requests: int = 40) -> list[int]:
    """Ask for the pages of a list, each once, and return the statuses."""
    return [api.get(f"/api/tickets?page={page}").status_code for page in range(1, requests + 1)]


def lay(faults: Faults, world: str, text: str) -> None:
    faults.add(world, faults.parse(text))


@pytest.mark.parametrize(
    ("text", "kind", "share"),
    [
        ("latency=uniform:50-200ms", "latency", 1.0),
        ("latency=10%:300ms", "latency", 0.1),
        ("error=3%:500,503", "error", 0.03),
        ("error", "error", 1.0),
        ("rate=10/minute", "rate", 1.0),
        ("reset=0.5%", "reset", 0.005),
        ("type=text/html", "type", 1.0),
        ("truncate=100%", "truncate", 1.0),
        ("slow", "slow", 1.0),
        ("empty", "empty", 1.0),
    ],
)
def test_a_fault_is_read_as_its_grammar_says(text: str, kind: str, share: float) -> None:
    fault = Fault.parse(text)
    assert (fault.kind, fault.share, fault.operation, fault.seed) == (kind, share, None, 1)


def test_a_fault_names_its_operation_its_world_and_its_seed() -> None:
    fault = Fault.parse("error=50%:500,503  operation=getTicket world=pr-1 seed=7")
    assert (fault.operation, fault.world, fault.seed) == ("getTicket", "pr-1", 7)
    assert fault.statuses == (500, 503)
    assert fault.text == "error=50%:500,503 operation=getTicket world=pr-1 seed=7"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "unknown fault ''"),
        ("eror=3%", "did you mean error?"),
        ("error=3%:200", "'200' is not a status from 400 to 599"),
        ("error=101%", "write a share as 3%"),
        ("error=x%:500", "write a share as 3%"),
        ("latency=soon", "is not a delay with a unit; write 300ms"),
        ("latency", "is not a delay with a unit; write 300ms"),
        ("latency=uniform:200-50ms", "the smaller number comes first"),
        ("latency=60001ms", "at most 60s"),
        ("latency=300", "is not a delay with a unit"),
        ("latency=uniform:50-200", "is not a delay with a unit"),
        ("latency=lognormal:0ms/1", "the median is above 0"),
        ("rate=often", "write it as 60/minute"),
        ("reset=soon", "'soon' means nothing here"),
        ("type=html", "'html' is not a media type"),
        ("type=a/b\r\nX-Evil:1", "'X-Evil:1'"),
        ("error operation=getTickets", "did you mean getTicket?"),
        ("error operation=", "no operation ''"),
        ("error operatoin=getTicket", "did you mean operation?"),
        ("error world=a/b", "'a/b' is not a name of a world"),
        ("error times=0", "write times=1"),
        ("error path=api", "does not begin with /"),
        ("error retry-after=soon", "is not a number of seconds"),
        ("latency=1s retry-after=2", "retry-after belongs to error and sequence"),
        ("sequence", "'' is neither ok nor a status"),
        ("sequence=200", "'200' is neither ok nor a status"),
        ("sequence=503 times=2", "a sequence has its own length"),
        ("rate=1/minute times=2", "leave out times"),
        ("error seed=-1", "'-1' is not a number from 0"),
        ("x" * 501, "at most 500 characters"),
    ],
)
def test_a_fault_that_cannot_be_read_says_what_is_wrong(
    faults: Faults, text: str, complaint: str
) -> None:
    with pytest.raises(ConfigError) as refusal:
        faults.parse(text)
    assert complaint in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("300ms", 0.3, 0.3),
        ("2s", 2.0, 2.0),
        ("uniform:500ms-1s", 0.5, 1.0),
        ("uniform:50-200ms", 0.05, 0.2),
        ("lognormal:60000ms/10", 0.0, 60.0),
    ],
)
def test_delays_stay_within_their_bounds_and_differ(text: str, low: float, high: float) -> None:
    delay, random = Delay.parse(text), Random(1)
    drawn = [delay.draw(random) for _ in range(500)]
    assert low <= min(drawn) <= max(drawn) <= high
    assert len(set(drawn)) == 1 or max(drawn) - min(drawn) > (high - low) / 2


def test_the_median_of_a_lognormal_delay_is_the_one_asked_for() -> None:
    delay, random = Delay.parse("lognormal:120ms/0.5"), Random(1)
    drawn = sorted(delay.draw(random) for _ in range(2001))
    assert drawn[1000] == pytest.approx(0.120, rel=0.1)
    assert drawn[1684] / drawn[1000] == pytest.approx(1.65, rel=0.1)  # e^0.5: one sigma up


def test_the_same_requests_fail_on_each_run(seeded_app: Flask, faults: Faults) -> None:
    runs = []
    for world in ("run-1", "run-2"):
        lay(faults, world, "error=30%:500,503")
        runs.append(outcomes(Api(seeded_app, f"ann@{world}")))
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500, 503}
    assert 4 <= sum(status != 200 for status in runs[0]) <= 20


def test_the_order_of_the_requests_does_not_matter(seeded_app: Flask, faults: Faults) -> None:
    lay(faults, "forth", "error=30%")
    lay(faults, "back", "error=30%")
    forth, back = Api(seeded_app, "ann@forth"), Api(seeded_app, "ann@back")
    pages = [f"/api/tickets?page={page}" for page in range(1, 31)]
    met = {page: forth.get(page).status_code for page in pages}
    assert {page: back.get(page).status_code for page in reversed(pages)} == met


def test_a_repeated_request_has_a_new_lot_and_a_reset_begins_again(
    ann: Api, faults: Faults, world_name: str
) -> None:
    faults.add(world_name, faults.parse("error=50%"), kept=True)
    first = [ann.get("/api/tickets").status_code for _ in range(20)]
    faults.reset(world_name)
    assert [ann.get("/api/tickets").status_code for _ in range(20)] == first
    assert set(first) == {200, 500}
    again = [ann.get("/api/tickets").status_code for _ in range(20)]
    assert again != first


def test_another_seed_fails_other_requests(seeded_app: Flask, faults: Faults) -> None:
    lay(faults, "seed-1", "error=50% seed=1")
    lay(faults, "seed-2", "error=50% seed=2")
    assert outcomes(Api(seeded_app, "ann@seed-1")) != outcomes(Api(seeded_app, "ann@seed-2"))


def test_faults_of_one_world_never_touch_another(
    seeded_app: Flask, ann: Api, faults: Faults
) -> None:
    lay(faults, "broken", "error")
    assert Api(seeded_app, "ann@broken").get("/api/tickets").status_code == 500
    assert ann.get("/api/tickets").status_code == 200
    assert Api(seeded_app, "ann").get("/api/tickets").status_code == 200


def test_a_fault_of_every_world_is_met_in_each(seeded_app: Flask, ann: Api, faults: Faults) -> None:
    lay(faults, EVERY, "error=503")
    assert ann.get("/api/tickets").status_code == 503
    assert Api(seeded_app, "ann").get("/api/tickets/1").status_code == 503
    assert seeded_app.test_client().get("/openapi.json").status_code == 200


def test_a_fault_of_one_operation_spares_the_others(
    ann: Api, faults: Faults, world_name: str
) -> None:
    lay(faults, world_name, "error operation=updateTicketStatus")
    assert ann.put("/api/tickets/1/status", {"status": "closed"}).status_code == 500
    assert ann.ticket(1)["status"] == "open", "a refused write was carried out"
    assert ann.put("/api/tickets/1/assignee", {"user_id": 2}).status_code == 200


@pytest.mark.parametrize("status", [401, 404, 422, 429, 500, 503])
def test_an_error_has_the_body_of_the_framework(
    ann: Api, faults: Faults, world_name: str, status: int
) -> None:
    lay(faults, world_name, f"error={status}")
    reply = ann.put("/api/tickets/1/status", {"status": "closed"})
    assert reply.status_code == status
    assert reply.mimetype == "application/json"
    assert reply.json is not None
    assert set(reply.json) == ({"message", "errors"} if status == 422 else {"message"})
    assert ("Retry-After" in reply.headers) == (status == 429)


def test_an_error_can_be_read_by_a_page_of_another_origin(
    ann: Api, faults: Faults, world_name: str
) -> None:
    lay(faults, world_name, "error=503")
    reply = ann.get("/api/tickets", headers={"Origin": "http://localhost:5173"})
    assert reply.status_code == 503
    assert reply.headers["Access-Control-Allow-Origin"] == "http://localhost:5173"


def test_a_preflight_meets_no_fault(seeded_app: Flask, faults: Faults) -> None:
    lay(faults, EVERY, "error=503")
    headers = {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "GET"}
    assert seeded_app.test_client().options("/api/tickets", headers=headers).status_code == 200


def test_a_limit_refuses_what_is_over_it(ann: Api, faults: Faults, world_name: str) -> None:
    lay(faults, world_name, "rate=2/hour")
    replies = [ann.get("/api/tickets") for _ in range(4)]
    assert [reply.status_code for reply in replies] == [200, 200, 429, 429]
    left = [reply.headers["X-RateLimit-Remaining"] for reply in replies]
    assert left == ["1", "0", "0", "0"]
    assert int(replies[2].headers["Retry-After"]) > 0


def test_latency_is_waited_for_before_the_answer(
    ann: Api, faults: Faults, world_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("mockserver.api.faults.delivery.time.sleep", slept.append)
    lay(faults, world_name, "latency=300ms")
    lay(faults, world_name, "latency=uniform:50-60ms")
    assert ann.get("/api/tickets").status_code == 200
    assert [0.35 <= each <= 0.36 for each in slept] == [True, False]  # then the body at once


def test_an_empty_reply_has_its_status_and_no_body(
    ann: Api, faults: Faults, world_name: str
) -> None:
    lay(faults, world_name, "empty")
    reply = ann.get("/api/tickets")
    assert (reply.status_code, reply.data, reply.headers["Content-Length"]) == (200, b"", "0")


def test_another_media_type_stands_over_the_same_body(
    ann: Api, faults: Faults, world_name: str
) -> None:
    honest = ann.get("/api/tickets").data
    lay(faults, world_name, "type=text/plain")
    reply = ann.get("/api/tickets")
    assert (reply.content_type, reply.data) == ("text/plain", honest)


def test_a_slow_body_is_whole_in_the_end(
    ann: Api, faults: Faults, world_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    honest = ann.get("/api/tickets").data
    monkeypatch.setattr("mockserver.api.faults.delivery.time.sleep", slept.append)
    lay(faults, world_name, "slow=2000ms")
    assert ann.get("/api/tickets").data == honest
    assert sum(slept) == pytest.approx(2.0)
    assert len(slept) > 10


@pytest.mark.parametrize("size", [1, 19, 30, 10_000])
def test_a_slow_body_of_any_size_takes_its_time(size: int) -> None:
    delivery = Delivery(fault=Fault.parse("slow=2s"), seconds=2)
    body = delivery.send(lambda *_: None, "200 OK", [], b"x" * size)
    assert isinstance(body, TimedBody)
    assert sum(seconds for seconds, _ in body.pieces) == pytest.approx(2)
    assert b"".join(piece for _, piece in body.pieces) == b"x" * size


def test_a_reset_ends_the_connection(ann: Api, faults: Faults, world_name: str) -> None:
    lay(faults, world_name, "reset")
    with pytest.raises(ConnectionResetError):
        ann.get("/api/tickets")


def test_faults_are_listed_counted_and_cleared(ann: Api, faults: Faults, world_name: str) -> None:
    lay(faults, world_name, "error=50%")
    failed = outcomes(ann, 20).count(500)
    [plan] = faults.listed(world_name)
    assert (plan.seen, plan.hits) == (20, failed)
    assert faults.clear(world_name) == [plan]
    assert set(outcomes(ann)) == {200}


def test_removing_a_fault_counts_no_request_of_other_worlds_anew(
    faults: Faults, world_name: str
) -> None:
    kept = faults.add(world_name, faults.parse("error=50%"))
    removed = faults.add("elsewhere", faults.parse("error=50%"))
    assert [faults.times(world_name, b"GET /api/tickets") for _ in range(2)] == [0, 1]

    assert faults.remove(removed.id)
    assert not faults.remove(removed.id)

    assert faults.listed() == [kept]
    assert faults.times(world_name, b"GET /api/tickets") == 2


def test_a_reset_lifts_what_was_added_and_keeps_what_came_with_the_world(
    faults: Faults, world_name: str
) -> None:
    faults.add(world_name, faults.parse("error=1%"), kept=True)
    faults.add(world_name, faults.parse("error=2%"))
    faults.add("elsewhere", faults.parse("error=3%"))
    faults.reset(world_name)
    assert [plan.fault.text for plan in faults.listed()] == ["error=1%", "error=3%"]


def test_a_world_has_a_hundred_faults_at_most(faults: Faults) -> None:
    for _ in range(100):
        lay(faults, "full", "reset")
    with pytest.raises(TooManyFaults):
        lay(faults, "full", "reset")
    lay(faults, "other", "reset")


def test_faults_of_one_process_affect_requests_of_another(
    make_app: MakeApp, new_database: NewDatabase, tmp_path: Path
) -> None:
    database = new_database() or f"sqlite:///{tmp_path}/shared.db"
    one, other = (make_app(world=WORLD_FILE, database=database) for _ in range(2))
    assert Api(other, "ann").get("/api/tickets").status_code == 200
    added = one.test_client().post(FAULTS, json={"fault": "error=503"}).json
    assert Api(other, "ann").get("/api/tickets").status_code == 503
    listed = other.test_client().get(FAULTS).json
    assert added is not None
    assert listed is not None
    assert [each["id"] for each in listed["faults"]] == [added["fault"]["id"]]
    assert listed["process"]
    other.test_client().delete(f"{FAULTS}/{added['fault']['id']}")
    assert Api(one, "ann").get("/api/tickets").status_code == 200


def test_a_fault_affects_requests_without_a_valid_token(seeded_app: Flask, faults: Faults) -> None:
    lay(faults, EVERY, "error=503")
    assert Api(seeded_app, "wrong").get("/api/tickets").status_code == 503


def test_options_put_faults_in_force_for_every_world_or_one(make_app: MakeApp) -> None:
    app = make_app(world=WORLD_FILE, faults=("error=503 world=pr-1", "type=text/html"))
    assert Api(app, "ann@pr-1").get("/api/tickets").status_code == 503
    reply = Api(app, "ann@pr-2").get("/api/tickets")
    assert (reply.status_code, reply.mimetype) == (200, "text/html")


def test_admin_add_list_and_lift_faults(seeded_app: Flask, ann: Api, world_name: str) -> None:
    client, where = seeded_app.test_client(), f"{FAULTS}?world={world_name}"
    assert ann.get("/api/tickets").status_code == 200
    added = client.post(where, json={"fault": "error=503"})
    assert added.status_code == 201
    assert ann.get("/api/tickets").status_code == 503
    assert added.json is not None
    [listed] = client.get(where).json["faults"]  # type: ignore[index]  # JSON
    assert (listed["world"], listed["fault"], listed["hits"]) == (world_name, "error=503", 1)
    assert client.delete(f"{FAULTS}/{listed['id']}").status_code == 204
    assert ann.get("/api/tickets").status_code == 200
    assert client.delete(f"{FAULTS}/{listed['id']}").status_code == 404


@pytest.mark.parametrize(
    ("query", "body", "status", "complaint"),
    [
        ("", {"kind": "eror"}, 422, "did you mean error?"),
        ("", {"fault": "eror"}, 422, "did you mean error?"),
        ("", {}, 422, "give kind or fault"),
        ("", {"kind": "eror"}, 422, "eror"),
        ("", {"kind": "error", "fault": "error"}, 422, "give only one of kind, fault"),
        ("", {"kind": "error", "delay": "2s"}, 422, "delay: a fault of kind error takes status or"),
        ("", {"kind": "reset", "status": 500}, 422, "kind reset takes no such field"),
        (
            "",
            {"kind": "error", "status": 500, "statuses": [500]},
            422,
            "only one of status, statuses",
        ),
        ("", {"kind": "latency", "delay": "300"}, 422, "is not a delay with a unit"),
        ("", {"kind": "error", "operation": "listTicket"}, 422, "did you mean listTickets?"),
        ("?world=a", {"kind": "error", "world": "b"}, 422, "world=b differs from the world a"),
        ("", {"fault": "error", "world": "a"}, 422, "world: write it into the text of the fault"),
        ("", {"fault": "error", "times": 1}, 422, "times: write it into the text of the fault"),
        ("", {"fault": "reset", "wrold": "a"}, 422, "unknown field 'wrold'"),
        (
            "?world=shared",
            {"fault": "reset world=other"},
            422,
            "differs from the world shared of the request",
        ),
    ],
)
def test_a_lever_refuses_what_it_cannot_use_and_changes_nothing(
    seeded_app: Flask, query: str, body: dict[str, str], status: int, complaint: str
) -> None:
    reply = seeded_app.test_client().post(FAULTS + query, json=body)
    assert reply.status_code == status
    assert complaint in reply.text
    assert seeded_app.extensions["faults"].listed() == []


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"kind": "error", "status": 500, "operation": "updateTicketStatus", "times": 1},
            "error=500 operation=updateTicketStatus times=1",
        ),
        ({"kind": "error", "statuses": [500, 503], "share": 0.03}, "error=3%:500,503"),
        ({"kind": "error", "share": 0.0005, "seed": 7}, "error=0.05% seed=7"),
        ({"kind": "error", "share": 1}, "error=100%"),
        (
            {"kind": "error", "share": 0.1, "status": 429, "retry_after": 2},
            "error=10%:429 retry-after=2",
        ),
        (
            {"kind": "sequence", "statuses": [503, "ok"], "path": "/api/tickets"},
            "sequence=503,ok path=/api/tickets",
        ),
        ({"kind": "latency", "delay": "uniform:50-200ms"}, "latency=uniform:50-200ms"),
        ({"kind": "rate", "rate": "10/minute"}, "rate=10/minute"),
        ({"kind": "type", "media_type": "text/html"}, "type=text/html"),
        ({"kind": "reset"}, "reset"),
        ({"kind": "reset", "seed": 7}, "reset seed=7"),
    ],
)
def test_fields_say_the_same_as_the_text(
    seeded_app: Flask, faults: Faults, world_name: str, fields: dict[str, object], text: str
) -> None:
    where = f"/_mock/worlds/{world_name}/faults"
    added = seeded_app.test_client().post(where, json=fields)
    assert added.status_code == 201, added.text
    shown = added.json["fault"]  # type: ignore[index]  # JSON
    assert (shown["world"], shown["fault"]) == (world_name, text)
    assert faults.parse(text).text == text


def test_the_path_names_the_world_of_faults(seeded_app: Flask, ann: Api, world_name: str) -> None:
    client, where = seeded_app.test_client(), f"/_mock/worlds/{world_name}/faults"
    assert client.post(where, json={"kind": "error", "status": 503}).status_code == 201
    assert ann.get("/api/tickets").status_code == 503
    assert Api(seeded_app, "ann@elsewhere").get("/api/tickets").status_code == 200
    assert len(client.get(where).json["faults"]) == 1  # type: ignore[index]  # JSON
    assert client.delete(where).json == {"removed": 1}
    assert ann.get("/api/tickets").status_code == 200


def test_a_fault_may_come_before_the_first_request_of_its_world(seeded_app: Flask) -> None:
    client = seeded_app.test_client()
    assert client.post("/_mock/worlds/new-here/faults", json={"kind": "error"}).status_code == 201
    assert Api(seeded_app, "ann@new-here").get("/api/tickets").status_code == 500
    assert client.delete("/_mock/worlds/new-here").status_code == 204


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/api/tickets", True),
        ("/api/tickets/42", True),
        ("/api/tickets/42*", True),
        ("/api/tickets/*/status", True),
        ("/api/tick*", True),
        ("/*", True),
        ("/api/tiket*", False),
        ("/api/tickets/42/stats", False),
        ("/api/tickets/42/status/1*", False),
        ("/api", False),
    ],
)
def test_a_path_that_no_operation_has_is_refused(faults: Faults, path: str, known: bool) -> None:
    if known:
        assert faults.parse(f"error=500 path={path}").path == path
        return
    with pytest.raises(ConfigError, match=r"path: no operation has .*; did you mean /api/"):
        faults.parse(f"error=500 path={path}")


def test_once_fails_once_and_then_works(ann: Api, faults: Faults, world_name: str) -> None:
    lay(faults, world_name, "error=503 times=1 retry-after=2")
    first, second = ann.get("/api/tickets"), ann.get("/api/tickets")
    assert (first.status_code, first.headers["Retry-After"]) == (503, "2")
    assert second.status_code == 200
    assert [plan.hits for plan in faults.listed(world_name)] == [1]


def test_every_world_fails_so_often_by_itself_and_again_after_a_reset(
    ann: Api, faults: Faults
) -> None:
    lay(faults, EVERY, "error=500 times=2")
    other = Api(ann.app, "ann@other-times")
    assert outcomes(ann, 3) == outcomes(other, 3) == [500, 500, 200]
    ann.app.test_client().post("/_mock/worlds/other-times/reset")
    assert outcomes(other, 3) == [500, 500, 200]
    assert outcomes(ann, 1) == [200]


def test_a_sequence_answers_in_turn_and_then_as_usual(
    ann: Api, faults: Faults, world_name: str
) -> None:
    lay(faults, world_name, "sequence=503,ok,429 retry-after=3")
    replies = [ann.get("/api/tickets") for _ in range(5)]
    assert [reply.status_code for reply in replies] == [503, 200, 429, 200, 200]
    assert replies[2].headers["Retry-After"] == "3"


def test_a_path_selects_one_ticket(ann: Api, faults: Faults, world_name: str) -> None:
    lay(faults, world_name, "error=500 path=/api/tickets/1")
    paths = ("/api/tickets/1", "/api/tickets/1/", "/api/tickets/2", "/api/tickets")
    assert [ann.get(path).status_code for path in paths] == [500, 500, 200, 200]
    assert ann.put("/api/tickets/1/status", {"status": "open"}).status_code == 200


def test_a_star_in_a_path_stands_for_any_characters(
    ann: Api, faults: Faults, world_name: str
) -> None:
    lay(faults, world_name, "error=500 path=/api/tickets/1*")
    assert ann.get("/api/tickets/1").status_code == 500
    assert ann.put("/api/tickets/1/status", {"status": "open"}).status_code == 500
    assert ann.get("/api/tickets/2").status_code == 200


def test_the_reset_of_a_forced_429_is_in_the_time_of_the_world(
    ann: Api, faults: Faults, world_name: str
) -> None:
    lay(faults, world_name, "error=429 retry-after=5")
    reply = ann.get("/api/tickets")
    assert reply.headers["Retry-After"] == "5"
    now = int(datetime.fromisoformat(CLOCK).timestamp())
    assert reply.headers["X-RateLimit-Reset"] == str(now + 5)


def test_a_wrong_fault_of_the_world_file_is_told_with_its_place(
    make_app: MakeApp, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("faults: [latency=1ms, eror=1]\n" + Path(WORLD_FILE).read_text())
    expected = r"^mine\.yaml: faults\[1\]: unknown fault 'eror'; did you mean error\?$"
    with pytest.raises(ConfigError, match=expected):
        make_app(world=str(file))
