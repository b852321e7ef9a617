"""Admin API: the journal of recorded requests, its coverage and its verdict."""

from typing import Any

import flask
from flask import Response, current_app

from mockserver.admin.registry import AdminRequest, admin_endpoint
from mockserver.contract.errors import Invalid, NotFound, suggestion
from mockserver.journal import Exchange, Journal
from mockserver.journal.coverage import coverage
from mockserver.journal.har import har_archive
from mockserver.journal.serializer import full, summary, verdict
from mockserver.journal.server_sent_events import EventStream
from mockserver.store import Store

_LIMIT = 100


@admin_endpoint("listExchanges")
def list_exchanges(request: AdminRequest) -> dict[str, Any]:
    asked, journal = dict(request.query), _journal()
    _check_operation(request)
    newest = journal.find(asked, asked.get("limit", _LIMIT))
    exchanges = [summary(exchange, journal.validator) for exchange in newest]
    return {"process": request.context.process, "exchanges": exchanges}


@admin_endpoint("clearJournal")
def clear_journal(request: AdminRequest) -> dict[str, Any]:
    return {"deleted": _journal().clear(request.query.get("world"))}


@admin_endpoint("getExchange")
def get_exchange(request: AdminRequest) -> dict[str, Any]:
    number, journal = request.path["number"], _journal()
    for exchange in journal.find({"after": number - 1, "last": number}):
        user = _user(request.context.store, exchange)
        return {"exchange": {**full(exchange, journal.validator), "user": user}}
    raise NotFound(f"The journal has no exchange {number}; it keeps only the latest.")


@admin_endpoint("getCoverage")
def get_coverage(request: AdminRequest) -> dict[str, Any]:
    counts = _journal().counts(request.query.get("world"))
    return {"process": request.context.process, **coverage(request.context.contract, counts)}


@admin_endpoint("getVerdict")
def get_verdict(request: AdminRequest) -> dict[str, Any]:
    counts = _journal().counts(request.query.get("world"))
    return {"process": request.context.process, **verdict(counts)}


@admin_endpoint("streamJournal")
def stream_journal(request: AdminRequest) -> Response:
    journal = _journal()
    last = flask.request.headers.get("Last-Event-ID", "")
    after = int(last) if last.isdecimal() and len(last) < 17 else request.query.get("after")
    stream = EventStream(
        journal, request.query.get("world"), journal.newest if after is None else after
    )
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(stream, headers=headers, mimetype="text/event-stream", direct_passthrough=True)


@admin_endpoint("exportJournal")
def export_journal(request: AdminRequest) -> Response:
    text = har_archive(
        _journal().read(request.query.get("world")), flask.request.url_root.rstrip("/")
    )
    headers = {"Content-Disposition": 'attachment; filename="journal.har"'}
    return Response(text, headers=headers, mimetype="application/json")


def _journal() -> Journal:
    found: Journal = current_app.extensions["journal"]
    return found


def _user(store: Store, exchange: Exchange) -> dict[str, Any] | None:
    """Return whose token a request had; None: nobody's, or a user who is gone since a reset."""
    caller, entry = exchange.caller, store.worlds.entry(exchange.world)
    if caller is None or entry is None:
        return None
    workspace = next((w for w in store.workspaces(entry.world) if w.id == caller.workspace), None)
    user = next((u for u in workspace.users if u.id == caller.user), None) if workspace else None
    if workspace is None or user is None:
        return None
    place = {"id": workspace.id, "name": workspace.name}
    return {"id": user.id, "name": user.name, "workspace": place}


def _check_operation(request: AdminRequest) -> None:
    name, known = request.query.get("operation"), request.context.contract.operations
    if name is not None and name not in known:
        raise Invalid(
            {"operation": [f"operation: {name!r} does not exist; {suggestion(name, known)}"]}
        )
