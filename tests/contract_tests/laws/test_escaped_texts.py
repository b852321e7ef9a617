"""A text holds its signs, not their HTML entities."""

import pytest

from contract_tests.laws.tickets.escaped_texts import signs_are_themselves
from tests.support.histories import history_of, listed, violations

ESCAPED = ["R&amp;D", "Q&amp;A", "Terms &amp; conditions"]


def judged(*subjects, **fields):
    rows = [{"id": n, "subject": subject, **fields} for n, subject in enumerate(subjects, 1)]
    found = violations(signs_are_themselves(history_of(listed(*rows))))
    return {requirement for requirement, _ in found}


@pytest.mark.parametrize(
    ("subjects", "wrong"),
    [
        (ESCAPED, True),
        (["It&#x27;s", "Can&#x27;t", "Won&#39;t"], True),
        (["&quot;Save&quot;", "&quot;Open&quot; it", "&quot;No&quot;", "Tom's"], True),
        (ESCAPED[:2], False),
        ([ESCAPED[0]] * 3, False),
        ([*ESCAPED, "Plain & simple"], False),
        (["R&D", "It's", '"Save"'], False),
    ],
    ids=["&", "'", "a sign of several", "two", "one text", "one wrote it so", "signs"],
)
def test_entities_in_several_texts_and_no_sign_are_a_violation(subjects, wrong):
    assert judged(*subjects) == ({"ticket.subject"} if wrong else set())


def test_names_are_texts_too():
    tags = [{"id": n, "name": name} for n, name in enumerate(ESCAPED)]

    assert judged("Hello", tags=tags) == {"ticket.tags"}
    assert judged("Hello", contact={"name": "R&D"}, tags=None, channel={"name": None}) == set()
