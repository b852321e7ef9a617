"""Histories made of a few exchanges, for the tests of single laws."""

import json
from dataclasses import replace

from contract_tests.observations.exchange import Exchange, get
from contract_tests.observations.history import History
from tests.support.trial import contract

NAMES = ("first", "last", "prev", "next")


def answered(path, document, query=None, *, status=200, who="main", headers=()):
    """Return a GET request and its answer, still without a number."""
    body = json.dumps(document).encode()
    return Exchange(0, get(path, query, who=who), status, headers, body)


def listed(*tickets, query=None, who="main"):
    """Return an answer of the list that holds these tickets and no more."""
    meta = {"current_page": 1, "last_page": 1, "per_page": 100, "total": len(tickets)}
    document = {"data": list(tickets), "links": dict.fromkeys(NAMES), "meta": meta}
    return answered("/api/tickets", document, {"per_page": 100, **(query or {})}, who=who)


def detailed(ticket, *messages):
    """Return an answer that holds a ticket whole."""
    whole = {"messages": list(messages), "activities": [], **ticket}
    return answered(f"/api/tickets/{ticket['id']}", {"ticket": whole})


def history_of(*exchanges, others=()):
    """Return a history of the exchanges in this order."""
    made = History(contract(), others=frozenset(others))
    for number, exchange in enumerate(exchanges, 1):
        made.add(replace(exchange, number=number, started=float(number)))
    return made


def violations(findings):
    return {(f.requirement, f.message) for f in findings if f.outcome == "violated"}
