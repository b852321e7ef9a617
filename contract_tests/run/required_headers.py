"""Finds out, with one request, which headers of --header the deployment requires."""

from contract_tests.adaptations.requests import header
from contract_tests.adaptations.requests.header import WITHOUT, Header
from contract_tests.client.session import Session
from contract_tests.observations.exchange import LIST_PATH, get


def find(session: Session) -> None:
    """Name the headers without which a list is refused; note those that are not needed."""
    target = session.target
    adaptations = target.transport.adaptations
    agreed = {a.actual.lower() for a in adaptations.active if isinstance(a, Header)}
    given = [name for name in target.transport.headers if name.lower() not in agreed]
    if not given:
        return
    exchange = target.ask(get(LIST_PATH, {"per_page": 1}, WITHOUT))
    wanted = header.detect(exchange)
    required = [name for name in given if wanted is None or name.lower() == wanted.lower()]
    if exchange.client_error:
        target.supersede(exchange)
        proposal = tuple(Header("(none)", name) for name in required)
        adaptations.adopt(proposal, exchange)
    elif exchange.successful:
        session.note(f"not required: {', '.join(given)} (--header)")
    session.catch_up()
