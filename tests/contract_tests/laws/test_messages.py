"""Who the senders of messages are."""

from dataclasses import replace

import pytest

from contract_tests.laws.tickets.messages import known_senders, own_attachments, same_thread
from tests.support.histories import detailed, history_of, listed, violations

ANNA = {"id": 3, "name": "Anna", "email": "anna@example.com"}
BEN = {"id": 3, "name": "Ben", "email": "ben@example.com"}
TICKET = {"id": 1, "contact": ANNA, "assignee": BEN}


def from_(sender, kind):
    return {"id": 1, "sender": {**sender, "type": kind}}


@pytest.mark.parametrize(("kind", "sender", "other"), [("contact", ANNA, BEN), ("user", BEN, ANNA)])
def test_a_sender_is_the_person_of_that_kind_and_id(kind, sender, other):
    def judged(sender):
        known = listed({"id": 1, "contact": ANNA, "assignee": BEN})
        return violations(known_senders(history_of(known, detailed(TICKET, from_(sender, kind)))))

    assert judged(sender) == set()
    assert judged({**sender, "email": "alias@example.com"}) == set()
    assert judged({**sender, "name": "A. Renamed"}) == set()
    assert len(judged(other)) == 1


def test_a_person_that_is_not_known_may_be_anybody():
    message = from_({"id": 77, "name": "Eve", "email": "eve@example.com"}, "contact")

    assert violations(known_senders(history_of(detailed(TICKET, message)))) == set()


def with_files(*ids, forwarded=False):
    return {"id": 1, "is_forward": forwarded, "attachments": [{"id": id} for id in ids]}


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        ([with_files(1, 2), with_files(1, 2)], True),
        ([with_files(1), with_files()], False),
        ([with_files(1), with_files(2)], False),
        ([with_files(), with_files()], False),
        ([with_files(1)], False),
        ([with_files(1), with_files(1, forwarded=True)], False),
    ],
    ids=["all of them", "one message", "each its own", "none", "a single message", "forwarded"],
)
def test_a_file_belongs_to_one_message(messages, wrong):
    seen = history_of(detailed(TICKET, *messages))

    assert bool(violations(own_attachments(seen))) == wrong


FILE = {"id": 4, "url": "https://files.example.com/4?signature=a"}
MESSAGE = {"id": 1, "type": "inbound", "body_html": "<p>Hello</p>", "attachments": [FILE]}


@pytest.mark.parametrize(
    ("message", "minute", "wrong"),
    [
        ({"body_html": "<p>Bye</p>"}, 30, True),
        ({"sender": {"type": "user", "id": 5}}, 30, True),
        ({"attachments": []}, 30, True),
        ({"attachments": [{**FILE, "url": "https://files.example.com/4?signature=b"}]}, 30, False),
        ({"body_html": "<p>Bye</p>"}, 0, False),
    ],
    ids=["text", "sender", "files", "signed anew", "updated while it was read"],
)
def test_the_thread_of_a_ticket_at_rest_stays(message, minute, wrong):
    ticket = {**TICKET, "updated_at": "2026-03-02T10:00:00+00:00"}
    date = (("Date", f"Mon, 02 Mar 2026 10:{minute:02}:00 GMT"),)
    seen = [detailed(ticket, MESSAGE), detailed(ticket, {**MESSAGE, **message})]

    found = violations(same_thread(history_of(*(replace(e, headers=date) for e in seen))))
    assert bool(found) == wrong


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [({"user": {"id": 6}}, True), ({"id": 12, "user": {"id": 5, "role": "admin"}}, False)],
    ids=["another user", "more of it"],
)
def test_the_log_of_a_ticket_at_rest_stays(entry, wrong):
    logged = {"type": "closed", "user": {"id": 5}, "created_at": "2026-03-02T10:00:00+00:00"}
    ticket = {**TICKET, "updated_at": "2026-03-02T10:00:00+00:00"}
    logs = ([logged], [{**logged, **entry}])

    seen = (detailed({**ticket, "activities": log}) for log in logs)
    assert bool(violations(same_thread(history_of(*seen)))) == wrong
