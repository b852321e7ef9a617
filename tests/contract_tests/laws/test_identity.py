"""Identity as a pure function: twins, changed names, and what is no contradiction."""

import json

from contract_tests.laws.tickets.identity import one_ulid_each
from contract_tests.observations.exchange import Exchange, get
from contract_tests.observations.history import History
from tests.support.trial import contract


def named(number, ulid, **fields):
    return {"id": number, "ulid": ulid, **fields}


def shown(*tickets):
    """A history of one detail for each ticket."""
    made = History(contract())
    for number, ticket in enumerate(tickets, 1):
        body = json.dumps({"ticket": {"messages": [], "activities": [], **ticket}}).encode()
        request = get(f"/api/tickets/{ticket['id']}")
        made.add(Exchange(number, request, 200, (), body, float(number), phase="reading"))
    return made


def judged(*tickets):
    return {
        (f.requirement, f.outcome): (f.message, f.exchanges) for f in one_ulid_each(shown(*tickets))
    }


def test_two_tickets_of_one_ulid_are_twins_whatever_its_case():
    found = judged(named(1, "01HV"), named(2, "01HW"), named(3, "01hv"))

    message, exchanges = found["ticket.ulid", "violated"]
    assert message.startswith("tickets 1 and 3 have one ulid")
    assert exchanges == (1, 3)
    assert ("ticket.ulid", "holds") not in found


def test_a_ticket_that_comes_with_another_ulid_contradicts_itself():
    found = judged(named(1, "01HV"), named(1, "01HW"))

    assert found["ticket.ulid", "violated"] == ("ticket 1 has another ulid than before", (1, 2))


def test_contacts_and_tags_of_different_tickets_are_compared():
    found = judged(
        named(1, "01HA", contact=named(7, "01HV"), tags=[named(4, "01HX")]),
        named(2, "01HB", contact=named(8, "01HV"), tags=[named(4, "01HY")]),
    )

    assert found["ticket.contact", "violated"][1] == (1, 2)
    assert found["ticket.tags", "violated"][0] == "tag 4 has another ulid than before"
    assert ("ticket.ulid", "holds") in found


def test_shared_contacts_equal_ids_of_different_kinds_and_missing_names_conform():
    contact, tag = named(1, "01HC"), named(1, "01HT")
    found = judged(
        named(1, "01HA", contact=contact, tags=[tag]),
        named(2, "01HB", contact=contact, tags=[tag, {"id": 3}, None]),
        named(3, None, contact=None, tags=None),
    )

    assert {outcome for _, outcome in found} == {"holds"}
