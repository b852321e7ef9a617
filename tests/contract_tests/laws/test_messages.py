"""Who the senders of messages are."""

import pytest

from contract_tests.laws.tickets.messages import known_senders, own_attachments
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
