"""Histories of a written ticket, for the tests of the laws of updates."""

import json

from contract_tests.observations.exchange import Exchange, get, put
from contract_tests.observations.history import History
from tests.support.trial import contract

US, COLLEAGUE, FORMER = 1, 2, 3


def entry(number, user, at="2026-01-01T10:00:00+00:00"):
    author = None if user is None else {"id": user}
    return {"id": number, "type": "status_changed", "user": author, "created_at": at}


def ticket(number, log=(), at="2026-01-01T10:00:00+00:00", **fields):
    base = {"status": "open", "assignee": None, "messages": [], "activities": list(log)}
    return {"id": number, "updated_at": at, **base, **fields}


def detail(row):
    path = f"/api/tickets/{row['id']}"
    return get(path), 200, {"ticket": row}


def closing(row):
    """A change of status of ours, whose answer shows the ticket."""
    return put(f"/api/tickets/{row['id']}/status", {"status": "closed"}), 200, {"ticket": row}


def history(*steps):
    made = History(contract())
    for number, (request, status, document) in enumerate(steps, 1):
        phase = "reading" if number == 1 else "writing"
        body = json.dumps(document).encode()
        made.add(Exchange(number, request, status, (), body, float(number), phase=phase))
    return made


def after_a_change(before, after):
    return history(detail(before), closing(after), detail(after))


def violated(findings):
    return {f.requirement for f in findings if f.outcome == "violated"}
