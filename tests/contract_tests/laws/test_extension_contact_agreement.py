"""The number of tickets of a contact, while others may be at work."""

import pytest

from contract_tests.laws.extension.extension_contact_agreement import what_the_tickets_say
from contract_tests.laws.extension.history import ExtensionHistory
from contract_tests.observations.exchange import Exchange, get
from contract_tests.observations.walks import Walk
from mockserver.contract.operations import Contract
from tests.support.histories import answered, history_of, listed, violations

EARLIER, LATER = "2026-03-01T10:00:00+00:00", "2026-03-01T10:05:00+00:00"
TICKET = {"id": 1, "contact": {"id": 7}, "created_at": EARLIER, "updated_at": EARLIER}


@pytest.mark.parametrize(("active", "accused"), [(EARLIER, True), (LATER, False)])
def test_another_number_of_tickets_is_a_violation_unless_the_contact_wrote_since(active, accused):
    page = history_of(listed(TICKET))
    page.walks.append(Walk(1, 1, whole=True))
    contract = Contract.load()
    history = ExtensionHistory(contract.page, whole_contract=contract, page=page)
    row = {"id": 7, "ticket_count": 2, "last_activity_at": active}
    body = answered("/api/contacts", {"data": [row]}).body
    history.add(Exchange(2, get("/api/contacts"), 200, body=body))

    found = violations(what_the_tickets_say(history))

    expected = {("extension.contacts.ticket_count", "contact 7: 2, lists show 1")}
    assert found == (expected if accused else set())
