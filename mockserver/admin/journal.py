"""Levers of the journal: what applications asked, and what the contract says to it."""

from typing import Any

from flask import Response, current_app, request

from mockserver.admin.registry import Pull, lever
from mockserver.api.faults.syntax import nearest
from mockserver.contract.errors import Invalid, NotFound
from mockserver.journal import Journal
from mockserver.journal.coverage import coverage
from mockserver.journal.har import archive
from mockserver.journal.serializer import summary, verdict, whole
from mockserver.journal.server_sent_events import EventStream

_LIMIT = 100


@lever("listExchanges")
def list_exchanges(pull: Pull) -> dict[str, Any]:
    asked, journal = dict(pull.query), _journal()
    _check_operation(pull)
    newest = journal.find(asked, asked.get("limit", _LIMIT))
    exchanges = [summary(exchange, journal.judge) for exchange in newest]
    return {"process": pull.mock.process, "exchanges": exchanges}


@lever("clearJournal")
def clear_journal(pull: Pull) -> dict[str, Any]:
    return {"forgotten": _journal().clear(pull.query.get("world"))}


@lever("getExchange")
def get_exchange(pull: Pull) -> dict[str, Any]:
    number, journal = pull.path["number"], _journal()
    for exchange in journal.find({"after": number - 1, "last": number}):
        return {"exchange": whole(exchange, journal.judge)}
    raise NotFound(f"The journal holds no exchange {number}; it keeps the last ones only.")


@lever("getCoverage")
def get_coverage(pull: Pull) -> dict[str, Any]:
    tally = _journal().tally(pull.query.get("world"))
    return {"process": pull.mock.process, **coverage(pull.mock.contract, tally)}


@lever("getVerdict")
def get_verdict(pull: Pull) -> dict[str, Any]:
    tally = _journal().tally(pull.query.get("world"))
    return {"process": pull.mock.process, **verdict(tally)}


@lever("streamJournal")
def stream_journal(pull: Pull) -> Response:
    journal = _journal()
    last = request.headers.get("Last-Event-ID", "")
    after = int(last) if last.isdecimal() and len(last) < 17 else pull.query.get("after")
    stream = EventStream(
        journal, pull.query.get("world"), journal.newest if after is None else after
    )
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(stream, headers=headers, mimetype="text/event-stream", direct_passthrough=True)


@lever("exportJournal")
def export_journal(pull: Pull) -> Response:
    text = archive(_journal().read(pull.query.get("world")), request.host_url.rstrip("/"))
    headers = {"Content-Disposition": 'attachment; filename="journal.har"'}
    return Response(text, headers=headers, mimetype="application/json")


def _journal() -> Journal:
    found: Journal = current_app.extensions["journal"]
    return found


def _check_operation(pull: Pull) -> None:
    name, known = pull.query.get("operation"), pull.mock.contract.operations
    if name is not None and name not in known:
        raise Invalid({"operation": [f"operation: no {name!r}; {nearest(name, list(known))}"]})
