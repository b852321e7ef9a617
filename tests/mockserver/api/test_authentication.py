import pytest
from flask import Flask

from tests.support.harness import Api

UNAUTHENTICATED = {"message": "Unauthenticated."}
OPERATIONS = [
    ("GET", "/api/tickets"),
    ("GET", "/api/tickets/1"),
    ("PUT", "/api/tickets/1/status"),
    ("PUT", "/api/tickets/1/assignee"),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize(
    "authorization",
    [
        *(None, "", "Bearer", "Bearer ", "Bearer wrong", "Bearer ANN", "Bearer ann ben"),
        *("Bearer old", "Bearer withdrawn", "Basic ann", "ann", "Token ann", "Bearer ann,ben"),
        *("Bearer wrong@here", "Bearer @here", "Bearer " + "x" * 5000, "Bearer ' or 1=1 --"),
        *("Bearer old@here", "Bearer withdrawn@here"),
    ],
    ids=lambda text: str(text)[:20],
)
def test_what_opens_nothing_is_401(
    seeded_app: Flask, method: str, path: str, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    reply = seeded_app.test_client().open(path, method=method, headers=headers)

    assert (reply.status_code, reply.json) == (401, UNAUTHENTICATED)
    assert "WWW-Authenticate" not in reply.headers


@pytest.mark.parametrize(
    "authorization", ["Bearer ann", "bearer ann", "BEARER ann", "Bearer  ann ", "Bearer ann@here"]
)
def test_the_scheme_is_read_in_either_case(seeded_app: Flask, authorization: str) -> None:
    reply = seeded_app.test_client().get("/api/tickets", headers={"Authorization": authorization})
    assert reply.status_code == 200


def test_a_token_in_the_query_opens_nothing(seeded_app: Flask) -> None:
    assert (
        seeded_app.test_client().get("/api/tickets?token=ann&access_token=ann").status_code == 401
    )


def test_a_read_only_token_reads(rita: Api) -> None:
    assert len(rita.ids()) == 6
    assert rita.ticket(1)["id"] == 1


@pytest.mark.parametrize(
    ("path", "body"), [("status", {"status": "closed"}), ("assignee", {"user_id": 2})]
)
def test_a_read_only_token_changes_nothing(rita: Api, path: str, body: dict[str, object]) -> None:
    before = rita.ticket(1)
    reply = rita.put(f"/api/tickets/1/{path}", body)

    assert (reply.status_code, reply.json) == (403, {"message": "This action is unauthorized."})
    assert rita.ticket(1) == before


def test_a_user_with_a_read_only_token_can_be_assigned(ann: Api) -> None:
    assert ann.change(1, user_id=4)["assignee"]["name"] == "Rita Reed"


@pytest.mark.parametrize(
    ("token", "status"),
    [("jane", 200), ("readonly", 200), ("other", 200), ("expired", 401), ("revoked", 401)],
)
def test_the_demo_world_has_the_documented_tokens(demo_app: Flask, token: str, status: int) -> None:
    reply = Api(demo_app, token).get("/api/tickets?filter[assigned_to_me]=true")
    assert reply.status_code == status


def test_jane_is_user_5(demo: Api) -> None:
    found = demo.page("filter[assigned_to_me]=true")["data"]
    assert {(t["assignee"]["id"], t["assignee"]["name"]) for t in found} == {(5, "Jane Smith")}


@pytest.mark.parametrize("name", ["Feature/ABC 1", "", "a" * 65, "-x", "a@b"])
def test_a_world_name_that_is_not_valid_is_explained_in_the_401(ann: Api, name: str) -> None:
    reply = Api(ann.app, f"ann@{name}").get("/api/tickets")
    assert reply.status_code == 401
    assert reply.json is not None
    assert reply.json["message"].startswith("Unauthenticated. ")
    assert "letters, digits" in reply.json["message"]
    assert Api(ann.app, "wrong@pr-1").get("/api/tickets").json == {"message": "Unauthenticated."}
