import pytest

from tests.support.harness import Api


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("created_at", [1, 2, 3, 4, 5, 6]),
        ("-created_at", [6, 5, 4, 3, 2, 1]),
        ("updated_at", [6, 4, 5, 3, 2, 1]),
        ("-updated_at", [1, 2, 3, 5, 4, 6]),
        ("last_activity_at", [1, 3, 4, 5, 6, 2]),
        ("-last_activity_at", [2, 6, 5, 4, 3, 1]),
        ("--created_at", [6, 5, 4, 3, 2, 1]),
        ("", [1, 2, 3, 5, 4, 6]),
        (",", [1, 2, 3, 5, 4, 6]),
        ("created_at,", [1, 2, 3, 4, 5, 6]),
        ("created_at,-updated_at", [1, 2, 3, 5, 4, 6]),
        ("updated_at,-created_at", [6, 5, 4, 3, 2, 1]),
    ],
)
def test_a_sort_orders_the_list_and_breaks_ties_by_id(
    ann: Api, sort: str, found: list[int]
) -> None:
    assert ann.ids(f"sort={sort}") == found


def test_no_sort_is_the_latest_update_first(ann: Api) -> None:
    assert ann.ids() == ann.ids("sort=-updated_at") == [1, 2, 3, 5, 4, 6]


def test_a_sort_may_come_as_an_array(ann: Api) -> None:
    assert ann.ids("sort[]=-created_at") == [6, 5, 4, 3, 2, 1]


def test_the_last_of_repeated_sorts_wins(ann: Api) -> None:
    assert ann.ids("sort=created_at&sort=-created_at") == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("sort", ["created_at", "-updated_at", "last_activity_at"])
def test_a_sort_reaches_across_pages(ann: Api, sort: str) -> None:
    whole = ann.ids(f"sort={sort}")
    pages = [ann.ids(f"sort={sort}&per_page=2&page={number}") for number in (1, 2, 3)]
    assert [id for page in pages for id in page] == whole


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("bogus", "bogus"),
        ("-bogus", "bogus"),
        ("created_at,bogus,worse", "bogus, worse"),
        ("Created_at", "Created_at"),
        ("-", ""),
        ("id", "id"),
        ("created_at; drop table tickets", "created_at; drop table tickets"),
    ],
)
def test_an_unknown_sort_is_refused_by_name(ann: Api, sort: str, names: str) -> None:
    reply = ann.get(f"/api/tickets?sort={sort}")

    assert reply.status_code == 400
    assert reply.json == {
        "message": f"Requested sort(s) `{names}` is not allowed. "
        "Allowed sort(s) are `created_at, updated_at, last_activity_at`."
    }


def test_a_sort_key_repeated_a_thousand_times_is_no_fault(ann: Api) -> None:
    assert ann.ids("sort=" + "created_at," * 3000) == [1, 2, 3, 4, 5, 6]


def test_an_unknown_filter_is_named_before_an_unknown_sort(ann: Api) -> None:
    message = ann.get("/api/tickets?sort=bogus&filter[nope]=1").json["message"]
    assert message.startswith("Requested filter(s) `nope`")
