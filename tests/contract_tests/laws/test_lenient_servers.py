"""What the page leaves open: empty lists without a page, and refusals without JSON."""

from dataclasses import replace

import pytest

from contract_tests.laws.lists.pagination import last_page, link_pages
from contract_tests.laws.responses import json_answers, refusals
from contract_tests.laws.tickets.detail import message_times
from contract_tests.laws.tickets.messages import activity_times
from tests.support.histories import NAMES, answered, detailed, history_of, violations

EMPTY, LAST, LINK = "list.meta.last_page.empty", "list.meta.last_page", "list.links.pages"


def _page(total, last, link):
    meta = {"current_page": 1, "last_page": last, "per_page": 25, "total": total}
    links = {**dict.fromkeys(NAMES), "first": "/api/tickets?page=1", "last": link}
    document = {"data": [{"id": 1}] * total, "links": links, "meta": meta}
    return answered("/api/tickets", document)


@pytest.mark.parametrize(
    ("total", "last", "link", "expected"),
    [
        (0, 1, "/api/tickets?page=1", set()),
        (0, 0, "/api/tickets?page=0", {EMPTY}),
        (0, 0, "/api/tickets?page=1", {EMPTY}),
        (0, 0, None, {EMPTY}),
        (0, 0, "/api/tickets?page=2", {EMPTY, LINK}),
        (0, 2, "/api/tickets?page=2", {LAST, LINK}),
        (0, 1, "/api/tickets?page=0", {LINK}),
        (1, 0, "/api/tickets?page=0", {LAST}),
    ],
)
def test_only_an_empty_list_may_have_no_page(total, last, link, expected):
    page = _page(total, last, link)

    found = violations([*last_page(history_of(page)), *link_pages(history_of(page))])

    assert {requirement for requirement, _ in found} == expected


@pytest.mark.parametrize(
    ("status", "kind", "body", "expected"),
    [
        (401, "", b"", "answer.error"),
        (401, "text/plain", b"Unauthorized", "answer.error"),
        (401, "text/html", b"<p>Unauthorized</p>", "answer.json"),
        (401, "text/plain", b"<p>Unauthorized</p>", "answer.json"),
        (401, "application/json", b"Unauthorized", "answer.json"),
        (200, "text/plain", b"fine", "answer.json"),
        (200, "", b"", "answer.json"),
    ],
)
def test_a_refusal_may_be_plain_but_no_success_and_no_page(status, kind, body, expected):
    answer = replace(
        answered("/api/tickets", {}, status=status), headers=(("Content-Type", kind),), body=body
    )
    seen = history_of(answer)

    found = violations([*json_answers(seen), *refusals(seen)])

    assert {requirement for requirement, _ in found} == {expected}
    assert expected == "answer.json" or found == {("answer.error", "401 without a JSON body")}


def test_what_is_older_than_its_ticket_is_told_with_both_times():
    old = {"type": "inbound", "created_at": "2026-01-01T08:00:00+02:00"}
    ticket = {"id": 7, "created_at": "2026-01-01T10:00:00+00:00", "activities": [old]}
    seen = history_of(detailed(ticket, old))

    times = "(2026-01-01T06:00:00+00:00) is older than the ticket (2026-01-01T10:00:00+00:00)"
    assert violations([*message_times(seen), *activity_times(seen)]) == {
        ("detail.messages.times", f"a message of ticket 7 {times}"),
        ("detail.activities.times", f"an activity of ticket 7 {times}"),
    }
