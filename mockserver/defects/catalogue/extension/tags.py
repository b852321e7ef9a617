"""Defects of the tags and the team of a ticket."""

from typing import Any

from mockserver.defects.changes.exchange import Exchange, Reply
from mockserver.defects.changes.responses import amended
from mockserver.defects.defect import Family

ADD, REMOVE, TEAM = "addTicketTag", "removeTicketTag", "updateTicketTeam"
tags = Family("ticket-tags", on=frozenset({ADD, REMOVE}), visible="writing")


def _not_done(exchange: Exchange) -> Reply:
    """Answer with the ticket as it is."""
    ticket = exchange.ticket(exchange.request.ticket)
    known = {tag["id"] for tag in exchange.get("/api/tags").json.get("data", [])}
    if ticket is None or int(exchange.request.path.rpartition("/")[2]) not in known:
        return exchange.send()
    shown = {k: v for k, v in ticket.items() if k not in ("messages", "activities")}
    return exchange.get("/api/me").with_json({"ticket": shown})


def _undone_at_once(exchange: Exchange) -> Reply:
    """Answer as if the tag was added, and remove it again."""
    reply = exchange.send()
    other = "DELETE" if exchange.request.method == "POST" else "POST"
    if reply.good:
        exchange.send(exchange.request.with_method(other))
    return reply


def _replacing_all(exchange: Exchange) -> Reply:
    """Remove the other tags of the ticket when one is added."""
    ticket = exchange.ticket(exchange.request.ticket)
    reply = exchange.send()
    if ticket is None or not reply.good:
        return reply
    place, _, tag = exchange.request.path.rpartition("/")
    for other in ticket["tags"]:
        if str(other["id"]) != tag:
            gone = exchange.request.with_method("DELETE").with_path(f"{place}/{other['id']}")
            reply = exchange.send(gone)
    return reply


def _shown_twice(exchange: Exchange) -> Reply:
    def amend(body: Any) -> Any:
        ticket = body["ticket"]
        return {"ticket": ticket | {"tags": [*ticket["tags"], *ticket["tags"][-1:]]}}

    return amended(exchange.send(), amend)


def _unknown_accepted(exchange: Exchange) -> Reply:
    reply = exchange.send()
    ticket = exchange.ticket(exchange.request.ticket)
    return (
        exchange.get("/api/me").with_json({"ticket": ticket})
        if reply.status == 404 and ticket
        else reply
    )


def _conflict_if_there(exchange: Exchange) -> Reply:
    ticket = exchange.ticket(exchange.request.ticket) or {"tags": []}
    has = exchange.request.path.rpartition("/")[2] in [str(tag["id"]) for tag in ticket["tags"]]
    reply = exchange.send()
    changed = has is (exchange.request.method == "DELETE")
    return (
        reply
        if changed or not reply.good
        else reply.with_status(409).with_json({"message": "Conflict"})
    )


def _all_gone(exchange: Exchange) -> Reply:
    """Remove every tag of the ticket."""
    ticket = exchange.ticket(exchange.request.ticket) or {"tags": []}
    place = exchange.request.path.rpartition("/")[0]
    reply = exchange.send()
    for tag in ticket["tags"] if reply.good else ():
        reply = exchange.send(exchange.request.with_path(f"{place}/{tag['id']}"))
    return reply


def _any_team(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if reply.status != 422:
        return reply
    return exchange.send(exchange.request.with_json({"team_id": None}))


def _team_unassigns(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if not reply.good:
        return reply
    path = f"/api/tickets/{exchange.request.ticket}/assignee"
    return exchange.send(exchange.request.with_path(path).with_json({"user_id": None}))


def _team_answer(exchange: Exchange) -> Reply:
    return amended(exchange.send(), lambda body: {"data": body["ticket"]})


DEFECTS = (
    tags("tag-not-added", "extension.tag.add", _not_done, on=frozenset({ADD})),
    tags("tag-added-and-lost", "extension.tag.add", _undone_at_once, on=frozenset({ADD})),
    tags(
        "tag-replaces-others", "extension.write.nothing_else", _replacing_all, on=frozenset({ADD})
    ),
    tags("tag-shown-twice", "extension.tag.add", _shown_twice, on=frozenset({ADD})),
    tags("tag-unknown-accepted", "extension.tag.missing", _unknown_accepted, on=frozenset({ADD})),
    tags("tag-conflict-if-there", "extension.tag.twice", _conflict_if_there),
    tags("tag-not-removed", "extension.tag.remove", _not_done, on=frozenset({REMOVE})),
    tags("tag-removes-all", "extension.write.nothing_else", _all_gone, on=frozenset({REMOVE})),
    tags("team-any-accepted", "extension.team.validation", _any_team, on=frozenset({TEAM})),
    tags("team-unassigns", "extension.write.nothing_else", _team_unassigns, on=frozenset({TEAM})),
    tags("team-in-data", "extension.team", _team_answer, on=frozenset({TEAM})),
)
