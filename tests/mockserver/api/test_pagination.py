from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mockserver.contract.choices import Choices
from tests.support.harness import Api, MakeApp


def numbers(page: Any) -> tuple[int, int, int, int]:
    meta = page["meta"]
    return meta["current_page"], meta["last_page"], meta["per_page"], meta["total"]


def pages_of(links: dict[str, str | None]) -> dict[str, int | None]:
    return {
        name: None if url is None else int(dict(parse_qsl(urlsplit(url).query))["page"])
        for name, url in links.items()
    }


def test_a_page_holds_25_tickets_unless_asked(ann: Api) -> None:
    assert numbers(ann.page()) == (1, 1, 25, 6)


def test_pages_follow_each_other_without_gap_or_repetition(ann: Api) -> None:
    assert [ann.ids(f"per_page=4&page={number}") for number in (1, 2)] == [[1, 2, 3, 5], [4, 6]]


def test_the_meta_tells_where_the_page_stands(ann: Api) -> None:
    assert numbers(ann.page("per_page=4&page=2")) == (2, 2, 4, 6)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (1, {"first": 1, "last": 3, "prev": None, "next": 2}),
        (2, {"first": 1, "last": 3, "prev": 1, "next": 3}),
        (3, {"first": 1, "last": 3, "prev": 2, "next": None}),
        (4, {"first": 1, "last": 3, "prev": 3, "next": None}),
        (999, {"first": 1, "last": 3, "prev": 998, "next": None}),
    ],
)
def test_links_lead_to_the_neighbours(ann: Api, page: int, found: dict[str, int | None]) -> None:
    assert pages_of(ann.page(f"per_page=2&page={page}")["links"]) == found


@pytest.mark.parametrize("page", [4, 999, 9007199254740991])
def test_a_page_beyond_the_end_is_empty(ann: Api, page: int) -> None:
    beyond = ann.page(f"per_page=2&page={page}")
    assert (beyond["data"], numbers(beyond)) == ([], (page, 3, 2, 6))


def test_nothing_found_is_one_empty_page(ann: Api) -> None:
    empty = ann.page("filter[search]=xyzzy")

    assert numbers(empty) == (1, 1, 25, 0)
    assert pages_of(empty["links"]) == {"first": 1, "last": 1, "prev": None, "next": None}


BAD_PAGES = ["0", "-1", "abc", "1.5", "", "2abc", "02", "99999999999999999999"]


@pytest.mark.parametrize("query", [*(f"page={bad}" for bad in BAD_PAGES), "page[]=2"])
def test_a_bad_page_is_page_one(ann: Api, query: str) -> None:
    assert ann.page(f"per_page=2&{query}")["meta"]["current_page"] == 1


def test_a_plus_sign_before_the_page_is_read(ann: Api) -> None:
    assert ann.page("per_page=2&page=%2B2")["meta"]["current_page"] == 2


@pytest.mark.parametrize("per_page", ["101", "1000", "999999999999999999"])
def test_more_than_a_hundred_is_a_hundred(ann: Api, per_page: str) -> None:
    assert ann.page(f"per_page={per_page}")["meta"]["per_page"] == 100


@pytest.mark.parametrize("per_page", ["1", "99", "100"])
def test_sizes_within_the_limits_are_kept(ann: Api, per_page: str) -> None:
    assert ann.page(f"per_page={per_page}")["meta"]["per_page"] == int(per_page)


@pytest.mark.parametrize(
    "query",
    ["per_page=0", "per_page=-5", "per_page=abc", "per_page=", "per_page=2.7", "per_page[]=5"],
)
def test_a_bad_size_is_the_default(ann: Api, query: str) -> None:
    assert ann.page(query)["meta"]["per_page"] == 25


def test_links_keep_the_whole_query_encoded_with_page_last(ann: Api) -> None:
    query = (
        "filter[status]=open,closed&page=1&sort=-created_at&filter[tag_ids][]=1&per_page=1&x=ä b"
    )
    following = ann.page(query)["links"]["next"]

    assert following == (
        "http://localhost/api/tickets?filter%5Bstatus%5D=open%2Cclosed&sort=-created_at"
        "&filter%5Btag_ids%5D%5B%5D=1&per_page=1&x=%C3%A4+b&page=2"
    )


def test_following_next_visits_every_ticket(ann: Api) -> None:
    page = ann.page("filter[status]=open,closed&sort=created_at&per_page=2")
    seen = [ticket["id"] for ticket in page["data"]]
    while page["links"]["next"]:
        page = ann.get(page["links"]["next"]).json
        seen += [ticket["id"] for ticket in page["data"]]
    assert seen == [1, 2, 4, 5, 6]


def test_links_name_the_host_that_was_asked(ann: Api) -> None:
    links = ann.get("/api/tickets", base_url="https://mock.test:8443").json["links"]
    assert links["first"] == "https://mock.test:8443/api/tickets?page=1"


Choosing = Callable[..., Api]


def labels(choosing: Choosing, query: str) -> list[str]:
    api = choosing(meta_keys="framework")
    return [link["label"] for link in api.page(query)["meta"]["links"]]


def test_the_framework_form_adds_its_keys(choosing: Choosing) -> None:
    meta = choosing(meta_keys="framework").page("per_page=4&page=2")["meta"]

    assert (meta["from"], meta["to"]) == (5, 6)
    assert meta["path"] == "http://localhost/api/tickets"
    assert meta["links"][0] == {
        "url": "http://localhost/api/tickets?per_page=4&page=1",
        "label": "&laquo; Previous",
        "page": 1,
        "active": False,
    }
    assert [link["label"] for link in meta["links"] if link["active"]] == ["2"]
    assert meta["links"][-1] == {
        "url": None,
        "label": "Next &raquo;",
        "page": None,
        "active": False,
    }


def test_the_framework_form_of_an_empty_page_counts_from_nothing(choosing: Choosing) -> None:
    meta = choosing(meta_keys="framework").page("page=9")["meta"]
    assert (meta["from"], meta["to"]) == (None, None)


def test_the_framework_form_shows_every_number_of_few_pages(choosing: Choosing) -> None:
    assert labels(choosing, "per_page=1")[1:-1] == ["1", "2", "3", "4", "5", "6"]


GAPS = {
    1: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, None, 19, 20],
    7: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, None, 19, 20],
    8: [1, 2, None, 5, 6, 7, 8, 9, 10, 11, None, 19, 20],
    13: [1, 2, None, 10, 11, 12, 13, 14, 15, 16, None, 19, 20],
    14: [1, 2, None, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    20: [1, 2, None, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
}


def test_the_framework_form_leaves_gaps_among_many_pages(make_app: MakeApp) -> None:
    api = Api(make_app(choices=Choices(meta_keys="framework")), "jane")
    pages = {number: api.page(f"per_page=10&page={number}")["meta"] for number in GAPS}
    assert {meta["last_page"] for meta in pages.values()} == {20}
    shown = {
        number: [link.get("page") for link in meta["links"][1:-1]] for number, meta in pages.items()
    }
    assert shown == GAPS


def test_links_repeat_bytes_that_are_not_utf_8(ann: Api) -> None:
    page = ann.page("filter[search]=%E9&per_page=1")
    assert "filter%5Bsearch%5D=%E9&" in page["links"]["first"]


def test_a_doubled_slash_is_another_route(ann: Api) -> None:
    reply = ann.get("/api//tickets")
    assert (reply.status_code, reply.mimetype) == (404, "application/json")
