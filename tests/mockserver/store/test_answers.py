"""An answer is remembered for one state of a world: no state comes back under the same number."""

from tests.support.admin import AdminClient
from tests.support.harness import Api


def seen(api: Api, id: int) -> tuple[str, str, list[int]]:
    """What detail, list and filter say of a ticket's status."""
    (row,) = [row for row in api.page("per_page=100")["data"] if row["id"] == id]
    return api.ticket(id)["status"], row["status"], api.ids("filter[status]=spam")


def test_as_many_changes_after_a_reset_are_other_changes(ann: Api) -> None:
    ann.change(1, status="spam")
    assert seen(ann, 1)[:2] == ("spam", "spam")
    ann.send("POST", "/_mock/reset")
    assert seen(ann, 1)[:2] == ("open", "open")
    ann.change(2, status="spam")

    assert seen(ann, 1)[:2] == ("open", "open")
    assert seen(ann, 2)[:2] == ("spam", "spam")
    assert {1, 2} & set(ann.ids("filter[status]=spam")) == {2}


def test_a_restored_world_is_not_what_it_was_as_often_changed(ann: Api) -> None:
    world = AdminClient(ann.app)
    name = ann.token.partition("@")[2]
    ann.change(1, status="closed")
    world.json("PUT", f"/worlds/{name}/snapshots/one")
    ann.change(1, status="spam")
    assert seen(ann, 1)[:2] == ("spam", "spam")
    world.json("POST", f"/worlds/{name}/snapshots/one/restore")
    assert seen(ann, 1)[:2] == ("closed", "closed")
    ann.change(2, status="spam")

    assert seen(ann, 1)[:2] == ("closed", "closed")
    assert seen(ann, 2)[:2] == ("spam", "spam")


def test_what_one_asks_nobody_else_is_told(ann: Api, ben: Api) -> None:
    mine = [set(api.ids("filter[assigned_to_me]=true")) for api in (ann, ben)]

    assert not mine[0] & mine[1]


def test_arriving_mail_is_seen_at_once(ann: Api) -> None:
    name, before = ann.token.partition("@")[2], ann.page()["meta"]["total"]
    thread = len(ann.ticket(1)["messages"])
    AdminClient(ann.app).request(
        "POST", f"/worlds/{name}/tickets/1/reply", {"text": "Hello again."}
    )
    AdminClient(ann.app).request(
        "POST", f"/worlds/{name}/tickets", {"subject": "New", "text": "Hello."}
    )

    assert len(ann.ticket(1)["messages"]) == thread + 1
    assert ann.page()["meta"]["total"] == before + 1
