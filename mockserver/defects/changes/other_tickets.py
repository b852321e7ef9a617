"""Other tickets: one beside this one, and one that is nowhere."""

from typing import Any

from mockserver.defects.changes.exchange import Exchange, Reply, Row

_NOWHERE = 2**53 - 1


def neighbour(exchange: Exchange, id: Any) -> Row | None:
    """Return another ticket that this caller sees in a list."""
    reply = exchange.get("/api/tickets", [("per_page", "2")])
    rows = reply.json["data"] if reply.good else []
    return next((row for row in rows if str(row["id"]) != str(id)), None)


def not_found(exchange: Exchange) -> Reply:
    """Answer that a ticket is not there, in the honest app's words."""
    reply = exchange.get(f"/api/tickets/{_NOWHERE}")
    told = reply.body.replace(str(_NOWHERE).encode(), exchange.ask.ticket.encode())
    return reply.with_body(told) if reply.status == 404 else exchange.send()
