"""The admin API of worlds: open, show, list, reset, delete, and who must go."""

from pathlib import Path

import pytest
import yaml

from tests.support.admin import AdminClient, everything
from tests.support.harness import WORLD_FILE, MakeApp

pytestmark = pytest.mark.both_databases


def total(admin: AdminClient, token: str) -> int:
    return admin.api(token).get("/api/tickets").json["meta"]["total"]


def test_a_world_is_opened_with_tokens_that_work(admin: AdminClient) -> None:
    opened = admin.open("tokens")
    active = [each for each in opened["tokens"] if each["state"] == "active"]
    assert active[0]["user"]["name"].startswith("Ann")
    assert len(active) > 2
    for each in active:
        assert each["token"].endswith("@tokens")
        assert admin.api(each["token"]).get("/api/tickets").status_code == 200
    for each in opened["tokens"][len(active) :]:
        assert admin.api(each["token"]).get("/api/tickets").status_code == 401


def test_a_world_without_a_name_is_given_one(admin: AdminClient) -> None:
    first, second = (admin.json("POST", "/worlds", {})["world"]["name"] for _ in range(2))
    assert first != second
    assert admin.json("GET", f"/worlds/{first}")["world"]["name"] == first


def test_a_world_can_be_opened_once(admin: AdminClient) -> None:
    admin.open("once")
    refused = admin.request("POST", "/worlds", {"name": "once"})
    assert refused.status_code == 409
    assert "'once'" in refused.json["message"]


def test_a_token_opens_a_world_that_the_admin_then_show(admin: AdminClient) -> None:
    assert admin.request("GET", "/worlds/visited").status_code == 404
    admin.api("ann@visited").get("/api/tickets")
    assert admin.json("GET", "/worlds/visited")["world"]["changes"] == 0


def test_the_list_begins_with_the_shared_world(admin: AdminClient) -> None:
    admin.open("listed")
    listed = admin.json("GET", "/worlds")
    assert [world["shared"] for world in listed["worlds"]].index(True) == 0
    assert "listed" in [world["name"] for world in listed["worlds"]]
    assert listed["max_worlds"] == 500


def test_the_shared_world_goes_by_its_name_in_admin_and_tokens(admin: AdminClient) -> None:
    shown = admin.json("GET", "/worlds/shared")
    assert [each["token"] for each in shown["tokens"]].count("ann") == 1
    shared, plain = (admin.api(token).get("/api/tickets").data for token in ("ann@shared", "ann"))
    assert shared == plain


def test_seed_and_size_make_another_world(admin: AdminClient) -> None:
    a = admin.open("seed-7", world="demo", seed=7, tickets=60)
    admin.open("seed-7-again", world="demo", seed=7, tickets=60)
    admin.open("seed-8", world="demo", seed=8, tickets=60)
    assert a["world"]["seeded_from"] == "world demo, seed 7, 60 tickets"
    pages = [
        admin.api(f"jane@{name}").get("/api/tickets").json["data"]
        for name in ("seed-7", "seed-7-again", "seed-8")
    ]
    assert pages[0] == pages[1] != pages[2]
    assert total(admin, "jane@seed-7") == 60
    assert total(admin, "jane@seed-8") == 60


def test_a_world_file_can_be_given_in_line_as_text_and_as_data(admin: AdminClient) -> None:
    text = "workspaces: [{name: X, users: [{name: Xu, email: x@example.com, token: xu}]}]"
    data = {"workspaces": [{"name": "X", "users": [{"name": "Xu", "email": "x@example.com"}]}]}
    data["workspaces"][0]["users"][0]["token"] = "xu"
    admin.open("text", definition=text)
    admin.open("data", definition=data)
    assert total(admin, "xu@text") == total(admin, "xu@data") == 0
    assert admin.api("ann@text").get("/api/tickets").status_code == 401


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"nam": "x"}, "body", "did you mean name?"),
        ({"name": "a b"}, "name", "write it like pr-123"),
        ({"name": 5}, "name", "is not of type"),
        ({"tickets": -1}, "tickets", "less than the minimum"),
        ({"world": "nowhere"}, "world", "it is one of demo, small, empty"),
        ({"world": "smal"}, "world", "did you mean small?"),
        ({"world": "demo", "definition": {}}, "body", "give only one of world, definition"),
        ({"definition": "a: ["}, "body", "not valid YAML"),
        ({"definition": {"workspaces": [{"nme": "x"}]}}, "body", "did you mean name?"),
        ({"world": "demo", "locale": "xx_XX"}, "body", "Faker does not support it"),
        ({"clock": "yesterday"}, "clock", "write it like 2026-05-01T09:00:00Z"),
        ({"clock": "2026-02-31T00:00:00Z"}, "clock", "is not a valid ISO 8601 time"),
        ([], "body", "is not of type"),
    ],
)
def test_bad_input_is_refused_with_field_and_remedy(
    admin: AdminClient, body: object, field: str, words: str
) -> None:
    before = admin.json("GET", "/worlds")["worlds"]
    refused = admin.request("POST", "/worlds", body)
    assert refused.status_code == 422
    assert any(words in message for message in refused.json["errors"][field])
    after = admin.json("GET", "/worlds")["worlds"]
    assert {world["name"] for world in after} == {world["name"] for world in before}


def test_a_name_that_no_world_can_have_is_told_from_one_that_is_not_there(
    admin: AdminClient,
) -> None:
    odd, missing = (admin.request("GET", f"/worlds/{name}") for name in ("a%20b", "a-b"))
    assert (odd.status_code, missing.status_code) == (404, 404)
    assert odd.json["message"] == "'a b' is not a valid name of a world; write it like pr-123."
    assert missing.json["message"].startswith("There is no world 'a-b'")


@pytest.mark.parametrize("data", [b"{", b"\xff", b"nul"])
def test_invalid_json_is_refused(admin: AdminClient, data: bytes) -> None:
    refused = admin.request("POST", "/worlds", data=data)
    assert refused.status_code == 422
    assert "not valid JSON" in refused.json["message"]


def test_reset_puts_one_world_back_and_leaves_the_others(admin: AdminClient) -> None:
    admin.open("reset-me")
    admin.open("leave-me")
    me, other = admin.api("ann@reset-me"), admin.api("ann@leave-me")
    seed = everything(me)
    for api in (me, other):
        assert api.put("/api/tickets/1/status", {"status": "spam"}).status_code == 200
    changed = everything(other)
    assert everything(me) == changed != seed
    admin.json("POST", "/worlds/reset-me/reset")
    assert everything(me) == seed
    assert everything(other) == changed


def test_a_worlds_own_token_resets_it(admin: AdminClient) -> None:
    api = admin.api("rita@own-token")
    admin.api("ann@own-token").put("/api/tickets/1/status", {"status": "spam"})
    assert api.send("POST", "/_mock/reset").json["world"]["name"] == "own-token"
    assert admin.json("GET", "/worlds/own-token")["world"]["changes"] == 0
    assert admin.request("POST", "/reset").status_code == 401


def test_a_deleted_world_opens_anew(admin: AdminClient) -> None:
    api = admin.api("ann@deleted")
    api.put("/api/tickets/1/status", {"status": "spam"})
    assert admin.request("DELETE", "/worlds/deleted").status_code == 204
    assert admin.request("GET", "/worlds/deleted").status_code == 404
    assert api.get("/api/tickets/1").json["ticket"]["status"] != "spam"


def test_the_shared_world_cannot_be_deleted(admin: AdminClient) -> None:
    assert admin.request("DELETE", "/worlds/shared").status_code == 409
    assert admin.api("ann").get("/api/tickets").status_code == 200


def test_a_seeded_layer_goes_with_its_last_world(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    seeded = "SELECT count(*) FROM tickets"
    before = _count(admin, seeded)
    for name in ("one", "two"):
        admin.open(name, world="small", seed=5)
    both = _count(admin, seeded)
    admin.json("PUT", "/worlds/two/snapshots/kept")
    admin.request("DELETE", "/worlds/one")
    assert _count(admin, seeded) == both > before
    admin.request("DELETE", "/worlds/two")
    assert _count(admin, seeded) == before
    assert _count(admin, "SELECT count(*) FROM layers") == 2  # the shared world and its seed


def test_the_least_recently_used_world_goes_first(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE, max_worlds=3))
    for name in ("a", "b", "c", "a"):  # well within one second
        admin.api(f"ann@{name}").get("/api/tickets?per_page=1")
    admin.api("ann@d").get("/api/tickets")
    names = {world["name"] for world in admin.json("GET", "/worlds")["worlds"]}
    assert names == {"shared", "a", "c", "d"}


def test_worlds_stay_bounded_and_the_shared_one_stays(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE, max_worlds=2))
    for number in range(6):
        api = admin.api(f"ann@w{number}")
        assert api.put("/api/tickets/1/status", {"status": "spam"}).status_code == 200
        assert len(admin.json("GET", "/worlds")["worlds"]) <= 3
    assert _count(admin, "SELECT count(DISTINCT layer) FROM tickets") == 3
    assert admin.api("ann").get("/api/tickets/1").json["ticket"]["status"] != "spam"


def test_evictions_are_logged_once_and_counted(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE, max_worlds=2))
    for number in range(5):
        admin.api(f"ann@w{number}").get("/api/tickets")
    assert admin.json("GET", "/worlds")["evicted"] == 3
    (line,) = [record.getMessage() for record in caplog.records if "private worlds" in record.msg]
    assert "removed, first w0; --max-worlds raises the limit" in line


@pytest.mark.parametrize("made", ["opened", "imported", "imported later", "snapshot"])
def test_what_was_made_by_name_is_evicted_last(make_app: MakeApp, made: str) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE, max_worlds=3))
    if made == "opened":
        admin.open("made")
    elif made != "imported":
        admin.api("ann@made").get("/api/tickets")
    if made.startswith("imported"):
        admin.json("PUT", "/worlds/made", yaml.safe_load(Path(WORLD_FILE).read_text()))
    elif made == "snapshot":
        admin.json("PUT", "/worlds/made/snapshots/then")
    for number in range(5):
        admin.api(f"ann@w{number}").get("/api/tickets")
    names = {world["name"] for world in admin.json("GET", "/worlds")["worlds"]}
    assert names == {"shared", "made", "w3", "w4"}


def test_two_mocks_on_one_file_open_worlds_at_the_limit(make_app: MakeApp, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'mock.db'}"
    apps = [make_app(world=WORLD_FILE, max_worlds=2, database=database) for _ in range(2)]
    for number in range(12):
        api = AdminClient(apps[number % 2]).api(f"ann@w{number}")
        assert api.get("/api/tickets").status_code == 200


def test_faults_of_a_new_world_are_its_own_and_go_with_it(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    admin.open("faulty", faults=[{"fault": "error=100%:503"}])
    admin.open("healthy")
    assert admin.api("ann@faulty").get("/api/tickets").status_code == 503
    assert admin.api("ann@healthy").get("/api/tickets").status_code == 200
    admin.json("POST", "/worlds/faulty/reset")
    assert admin.api("ann@faulty").get("/api/tickets").status_code == 503
    admin.request("DELETE", "/worlds/faulty")
    assert admin.api("ann@faulty").get("/api/tickets").status_code == 200


def test_a_world_with_a_fault_nobody_knows_is_not_opened(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    refused = admin.request("POST", "/worlds", {"name": "w", "faults": [{"fault": "bogus"}]})
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["faults"]
    assert admin.request("GET", "/worlds/w").status_code == 404


@pytest.mark.parametrize("faults", [["bogus=1"], ["latency=1ms"] * 101])
def test_an_import_whose_faults_are_refused_leaves_the_world_as_it_was(
    make_app: MakeApp, faults: list[str]
) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    definition = yaml.safe_load(Path(WORLD_FILE).read_text()) | {"faults": faults}
    refused = admin.request("PUT", "/worlds/shared", definition)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["faults"])
    assert ("world.yaml: faults[0]: unknown fault" in refused.text) == (len(faults) == 1)
    assert admin.api("ann").get("/api/tickets").status_code == 200


def test_an_import_replaces_the_faults_of_the_world(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    definition = yaml.safe_load(Path(WORLD_FILE).read_text()) | {"faults": ["error=100%:503"]}
    for _ in range(2):
        admin.json("PUT", "/worlds/made", definition)
    faults = admin.json("GET", "/worlds/made/faults")["faults"]
    assert [each["fault"] for each in faults] == ["error=100%:503"]
    assert admin.api("ann@made").get("/api/tickets").status_code == 503


def _count(admin: AdminClient, query: str) -> int:
    from sqlalchemy import create_engine, text

    engine = create_engine(admin.app.extensions["store"].url)
    with engine.connect() as connection:
        count = connection.execute(text(query)).scalar_one()
    engine.dispose()
    return int(count)
