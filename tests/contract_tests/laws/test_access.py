"""What strangers and other workspaces may be told."""

import pytest

from contract_tests.laws.access import (
    ONE_WORKSPACE,
    foreign_tickets,
    separation,
    token_required,
    workspaces,
)
from tests.support.histories import answered, history_of, listed, violations

OURS = {"id": 1, "ulid": "01HA", "subject": 'A path "C:\\Temp" is broken',
        "contact": {"id": 3, "email": "anna@example.com"}}  # fmt: skip
OTHERS = {"other"}
THEIRS = {"id": 8, "ulid": "01HB", "subject": "Their own subject"}
DETAIL = "/api/tickets/1"
PATHS = (DETAIL, "/api/tickets")


def refusal(status, message, who, query=None, path=DETAIL):
    return answered(path, {"message": message}, query, status=status, who=who)


@pytest.mark.parametrize("who", ["none", "longer", "cut", "bare", "basic", "cookie"])
def test_what_is_no_valid_token_is_refused_with_401(who):
    opened = answered(DETAIL, {"ticket": OURS}, who=who)
    missing = refusal(404, "Not found.", who)
    refused = refusal(401, "Unauthenticated.", who)

    assert violations(token_required(history_of(refused))) == set()
    assert len(violations(token_required(history_of(opened)))) == 1
    [(requirement, _)] = violations(token_required(history_of(missing)))
    assert requirement == "access.unauthenticated"


def test_a_token_in_the_url_is_named_as_such():
    opened = answered(DETAIL, {"ticket": OURS}, {"api_token": "secret"}, who="none")

    assert violations(token_required(history_of(opened))) == {
        (
            "access.unauthenticated",
            "answered like an authorized request with the token in the URL alone",
        )
    }


@pytest.mark.parametrize("told", [OURS["subject"], "ask anna@example.com"])
def test_a_refusal_shows_no_data_of_tickets(told):
    known = listed(OURS)

    for who, status, law in (("wrong", 401, token_required), ("other", 403, workspaces)):
        quiet = history_of(known, refusal(status, "No.", who), others=("other",))
        telling = history_of(known, refusal(status, f"No: {told}", who), others=("other",))
        assert violations(law(quiet)) == set()
        assert len(violations(law(telling))) == 1


def test_a_refusal_may_quote_the_request():
    query = {"filter[search]": OURS["subject"]}
    quoting = answered("/api/tickets", {"message": OURS["subject"]}, query, status=400, who="other")

    assert violations(workspaces(history_of(listed(OURS), quoting, others=("other",)))) == set()


def test_our_token_sees_no_ticket_of_the_other_workspace():
    theirs = listed(THEIRS, who="other")
    query = {"filter[channel_ids]": "7"}

    assert violations(foreign_tickets(history_of(theirs, listed(OURS, query=query)))) == set()
    assert violations(foreign_tickets(history_of(theirs, listed(THEIRS, query=query)))) == {
        ("access.workspace", "1 tickets of another workspace are shown to ours")
    }


def test_tickets_of_ours_that_leak_are_not_taken_for_theirs():
    leak = listed(OURS, THEIRS, who="other")

    found = violations(foreign_tickets(history_of(listed(OURS), leak, listed(OURS))))

    assert found == set()


def test_a_refused_token_confirms_nothing():
    refused = [refusal(401, "Unauthenticated.", "other", path=path) for path in PATHS]

    found = workspaces(history_of(listed(OURS), *refused, others=OTHERS))

    assert {finding.outcome for finding in found} == {"not observed"}


@pytest.mark.parametrize(
    ("detail", "rows", "one"),
    [(200, [OURS], True), (404, [OURS], False), (200, [THEIRS], False), (200, [], False)],
    ids=["both", "a list leaks", "a detail leaks", "an empty list"],
)
def test_tokens_that_open_the_same_tickets_are_one_violation_of_two_causes(detail, rows, one):
    document = {"ticket": OURS} if detail == 200 else {"message": "Not found."}
    told = answered(DETAIL, document, status=detail, who="other")
    seen = history_of(listed(OURS), told, listed(*rows, who="other"), others=OTHERS)

    messages = [f.message for f in separation(seen)]
    assert seen.one_workspace == one
    assert (messages == [ONE_WORKSPACE]) == one
    assert ("other" in seen.others) != one
