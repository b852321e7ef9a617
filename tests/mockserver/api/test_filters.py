from urllib.parse import quote

import pytest

from tests.support.harness import Api


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter[status]=open", [1, 4, 5]),
        ("filter[status]=closed,spam", [2, 3, 6]),
        ("filter[status][]=closed&filter[status][]=spam", [2, 3, 6]),
        ("filter[status][0]=closed&filter[status][1]=spam", [2, 3, 6]),
        ("filter[status]=open,open", [1, 4, 5]),
        ("filter[status]=", [1, 2, 3, 4, 5, 6]),
        ("filter[status]=,", []),
        ("filter[status]=Open", []),
        ("filter[status]=pending", []),
        ("filter[status]=pending,spam", [3]),
        ("filter[status]=open, closed", [1, 4, 5]),
        ("filter[status]= open ", [1, 4, 5]),
        ("filter[status]=open&filter[status]=closed", [2, 6]),
        ("filter[channel_ids]=2", [2, 5]),
        ("filter[channel_ids]=1,2", [1, 2, 3, 5]),
        ("filter[channel_ids][]=1&filter[channel_ids][]=2", [1, 2, 3, 5]),
        ("filter[channel_ids]=99", []),
        ("filter[channel_ids]=abc", []),
        ("filter[channel_ids]=abc,2", [2, 5]),
        ("filter[channel_ids]=99999999999999999999", []),
        ("filter[tag_ids]=2", [1, 2, 6]),
        ("filter[tag_ids]=1", [1, 5, 6]),
        ("filter[tag_ids]=2,12", [1, 2, 4, 6]),
        ("filter[tag_ids][]=2&filter[tag_ids][]=12", [1, 2, 4, 6]),
        ("filter[tag_ids]=99", []),
        ("filter[assigned_to_me]=true", [1, 4]),
        ("filter[assigned_to_me]=1", [1, 4]),
        ("filter[assigned_to_me]=yes", [1, 4]),
        ("filter[assigned_to_me]=false", [1, 2, 3, 4, 5, 6]),
        ("filter[assigned_to_me]=0", [1, 2, 3, 4, 5, 6]),
        ("filter[assigned_to_me]=", [1, 2, 3, 4, 5, 6]),
        ("filter[unassigned]=true", [2, 5]),
        ("filter[unassigned]=false", [1, 2, 3, 4, 5, 6]),
        ("filter[unassigned]=true&filter[assigned_to_me]=true", []),
    ],
)
def test_a_filter_keeps(ann: Api, query: str, found: list[int]) -> None:
    assert sorted(ann.ids(query)) == found


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("refund", [2]),  # a subject
        ("link", [1]),  # an earlier message
        ("new one", [1]),  # the latest message, a reply
        ("PassWord", [1, 3]),  # a subject and a message, in either case
        ("überladen", [3]),  # beyond ASCII
        ("ssword re", [1]),  # across words
        ("100%", [2]),  # no wildcard
        ("e_c", [6]),  # no wildcard
        ("100", [2, 4]),
        ("Tom & J", [5]),  # the text of HTML, not its markup
        ("<i>", []),
        ("amp;", []),
        ("nothing here matches", []),
        ("carl@customer.example", []),  # contacts are not searched
        ("'; drop table tickets; --", []),
        ("  refund  ", [2]),
        ("", [1, 2, 3, 4, 5, 6]),
        ("\x00", []),
        ("reset the", []),  # subject and message do not run together
    ],
)
def test_search_finds_text_in_subject_and_messages(ann: Api, term: str, found: list[int]) -> None:
    assert sorted(ann.ids(f"filter[search]={quote(term)}")) == found


def test_a_search_term_may_come_unescaped_in_utf_8(ann: Api) -> None:
    raw = "filter[search]=überladen".encode().decode("latin-1")
    reply = ann.get("/api/tickets", environ_overrides={"QUERY_STRING": raw})
    assert [ticket["id"] for ticket in reply.json["data"]] == [3]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter[status]=open&filter[unassigned]=true", [5]),
        ("filter[status]=open&filter[tag_ids]=1&filter[assigned_to_me]=true", [1]),
        ("filter[search]=100&filter[channel_ids]=12", [4]),
        ("filter[status]=spam&filter[tag_ids]=1", []),
    ],
)
def test_filters_combine_with_and(ann: Api, query: str, found: list[int]) -> None:
    assert sorted(ann.ids(query)) == found


def test_assigned_to_me_means_the_user_of_the_token(ann: Api, ben: Api) -> None:
    query = "filter[assigned_to_me]=true"
    assert (ann.ids(query), ben.ids(query)) == ([1, 4], [3, 6])


def test_totals_count_after_filtering(ann: Api) -> None:
    meta = ann.page("filter[status]=open&per_page=2")["meta"]
    assert meta == {"current_page": 1, "last_page": 2, "per_page": 2, "total": 3}


ALLOWED = "status, channel_ids, tag_ids, search, assigned_to_me, unassigned"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("filter[nope]=1", "nope"),
        ("filter[nope]=1&filter[status]=open&filter[bad]=2", "nope, bad"),
        ("filter[Status]=open", "Status"),
        ("filter[]=x", "0"),
        ("filter[nope][]=1", "nope"),
    ],
)
def test_an_unknown_filter_is_refused_by_name(ann: Api, query: str, names: str) -> None:
    reply = ann.get(f"/api/tickets?{query}")

    assert reply.status_code == 400
    assert reply.json == {
        "message": f"Requested filter(s) `{names}` are not allowed. "
        f"Allowed filter(s) are `{ALLOWED}`."
    }


def test_thousands_of_ids_in_a_filter_are_no_fault(ann: Api) -> None:
    many = ",".join(str(number) for number in range(1, 3001))
    assert sorted(ann.ids(f"filter[tag_ids]={many}")) == [1, 2, 4, 5, 6]
