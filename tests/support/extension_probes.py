"""Requests that show the defects of the operations that are not on the page."""

from typing import Any

from tests.support.probes import API, Caller, Facts, Probe

MAIL = {"body": "<p>Zebra <b>crossing</b>.</p>", "to_recipients": ["a@b.example"]}
UNKNOWN = 9_999_999


def people(jane: Caller, _: Facts) -> None:
    paths = {
        "getMe": "me",
        "listMembers": "members",
        "listChannels": "channels",
        "listTags": "tags",
    }
    for token in ("jane", "other", None):
        for operation, path in paths.items():
            jane.ask(operation, "GET", f"/api/{path}", token)


def contacts(jane: Caller, _: Facts) -> None:
    """Ask for every page, order and filter, and for single contacts."""

    def listed(**query: Any) -> None:
        jane.ask("listContacts", "GET", "/api/contacts", query=query)

    for query in ({}, {"per_page": 5}, {"per_page": 100}, {"per_page": 5, "page": 2}):
        listed(**query)
    for key in ("name", "created_at", "last_activity"):
        listed(sort=key)
        listed(sort=f"-{key}")
    for name, term in (("name", "OHN"), ("email", "CUSTOMER.C"), ("search", "customer.c")):
        listed(**{f"filter[{name}]": term})
    for token in ("jane", "other", None):
        for id in (12, UNKNOWN):
            jane.ask("getContact", "GET", f"/api/contacts/{id}", token)


def activities(jane: Caller, facts: Facts) -> None:
    long = facts.first(lambda ticket: len(ticket["activities"]) > 2)
    for id in [*long, UNKNOWN]:
        for query in ({}, {"page": 2}):
            path = f"{API}/{id}/activities"
            jane.ask("listTicketActivities", "GET", path, query=query)


def untouched(jane: Caller, facts: Facts) -> None:
    """Read the tickets that are written afterwards."""
    for id in _written(facts):
        jane.detail(id)


def messages(jane: Caller, facts: Facts) -> None:
    [id] = _written(facts)[:1]
    calls = {"replyToTicket": "reply", "forwardTicket": "forward", "addNote": "note"}
    bodies: list[Any] = [MAIL, {"body": " ", "to_recipients": ["nobody"]}, {}]
    bodies.append(MAIL | {"forwarded_from_message_id": UNKNOWN})
    for operation, path in calls.items():
        for body in bodies:
            jane.ask(operation, "POST", f"{API}/{id}/{path}", json=body)
            jane.detail(id)
        for token in ("readonly", None):
            jane.ask(operation, "POST", f"{API}/{id}/{path}", token, json=MAIL)
            jane.detail(id)
    jane.list(**{"filter[search]": "zebra"})


def tags(jane: Caller, facts: Facts) -> None:
    for id in _written(facts):
        for method in ("POST", "DELETE"):
            operation = "addTicketTag" if method == "POST" else "removeTicketTag"
            for tag in (*facts.tags[-2:], facts.tags[-1], UNKNOWN):
                jane.ask(operation, method, f"{API}/{id}/tags/{tag}")
                jane.detail(id)
        for team in (UNKNOWN, 1):
            jane.ask("updateTicketTeam", "PUT", f"{API}/{id}/team", json={"team_id": team})
            jane.detail(id)


def _written(facts: Facts) -> list[int]:
    return facts.first(lambda ticket: ticket["assignee"] and len(ticket["tags"]) == 1, 2)


READING: dict[str, list[Probe]] = {
    "me": [people],
    "members": [people],
    "channels": [people],
    "tags": [people],
    "contacts": [contacts],
    "contact": [contacts],
    "activities": [activities],
    "messages": [untouched],
    "ticket-tags": [untouched],
}
WRITING: dict[str, list[Probe]] = {"messages": [messages], "ticket-tags": [tags]}
