"""What the laws of the extension count as an answer."""

from contract_tests.laws.extension.extension_lists import missing
from contract_tests.laws.extension.history import ExtensionHistory
from contract_tests.observations.exchange import Exchange, get
from contract_tests.observations.history import History
from mockserver.contract.operations import Contract


def history(status: int) -> ExtensionHistory:
    """Two requests for activities: of a ticket that exists, and of one that does not."""
    contract = Contract.load()
    seen = ExtensionHistory(contract.page, whole_contract=contract, page=History(contract.page))
    seen.add(Exchange(1, get("/api/tickets/1/activities"), 200, body=b'{"data": []}'))
    unknown = get("/api/tickets/999999/activities", purpose="an unknown ticket")
    seen.add(Exchange(2, unknown, status))
    return seen


def test_what_the_rate_limit_turned_away_is_no_answer() -> None:
    throttled = history(429)

    assert [e.number for e in throttled.sent("listTicketActivities")] == [1]
    assert [e.number for e, _ in throttled.sent_by("main")] == [1]
    assert list(missing(throttled)) == []
    assert [f.outcome for f in missing(history(200))] == ["violated"]
    assert [f.outcome for f in missing(history(404))] == ["holds"]
