"""Another ticket, and a ticket that does not exist."""

from typing import Any

from mockserver.defects.changes.exchange import Exchange, Reply, Row

_NOWHERE = 2**53 - 1


def other_ticket(exchange: Exchange, id: Any) -> Row | None:
    """Return another ticket that this caller sees in a list."""
    reply = exchange.get("/api/tickets", [("per_page", "2")])
    rows = reply.json["data"] if reply.good else []
    return next((row for row in rows if str(row["id"]) != str(id)), None)


def not_found(exchange: Exchange) -> Reply:
    """Respond with the mock's 404 for a ticket."""
    reply = exchange.get(f"/api/tickets/{_NOWHERE}")
    body = reply.body.replace(str(_NOWHERE).encode(), exchange.request.ticket.encode())
    return reply.with_body(body) if reply.status == 404 else exchange.send()
