"""References between the records of a world file: ids are unique, and references exist."""

from collections.abc import Collection, Iterator
from typing import Any

from mockserver.contract.errors import FixtureError

Written = dict[str, Any]

_NOUNS = ("users", "teams", "channels", "tags", "contacts", "tickets")


def number(workspaces: list[Written]) -> None:
    """Assign the lowest free id to every record without one; raises FixtureError for duplicates."""
    taken: dict[str, dict[int, str]] = {}
    for noun, place, record in _records(workspaces):
        if "id" in record:
            first = taken.setdefault(noun, {}).setdefault(record["id"], place)
            if first != place:
                _refuse(f"{place}.id", f"{first} already has id {record['id']}; use another")
    lowest: dict[str, int] = {}
    for noun, _, record in _records(workspaces):
        if "id" not in record:
            record["id"] = lowest[noun] = _free(taken.get(noun, {}), lowest.get(noun, 0) + 1)


def _free(taken: Collection[int], start: int) -> int:
    while start in taken:
        start += 1
    return start


def _records(workspaces: list[Written]) -> Iterator[tuple[str, str, Written]]:
    """Yield the noun, the place and the record of every record with an id."""
    for index, workspace in enumerate(workspaces):
        place = f"workspaces[{index}]"
        yield "workspaces", place, workspace
        for noun in _NOUNS:
            yield from _listed(place, noun, workspace)
        for ticket_place, ticket in _each(place, "tickets", workspace):
            for message_place, message in _each(ticket_place, "messages", ticket):
                yield "messages", message_place, message
                yield from _listed(message_place, "attachments", message)


def _each(place: str, noun: str, owner: Written) -> Iterator[tuple[str, Written]]:
    for index, record in enumerate(owner.get(noun, ())):
        yield f"{place}.{noun}[{index}]", record


def _listed(place: str, noun: str, owner: Written) -> Iterator[tuple[str, str, Written]]:
    for record_place, record in _each(place, noun, owner):
        yield noun, record_place, record


def check_references(workspaces: list[Written], statuses: Collection[str]) -> None:
    """Raise FixtureError for the first reference to a record that does not exist."""
    tokens: dict[str, str] = {}
    for index, workspace in enumerate(workspaces):
        place = f"workspaces[{index}]"
        _check_tokens(place, workspace, tokens)
        _check_generation(place, workspace)
        known = {noun: [record["id"] for record in workspace.get(noun, ())] for noun in _NOUNS}
        for ticket_place, ticket in _each(place, "tickets", workspace):
            check_ticket(ticket_place, ticket, known)
            if ticket.get("status", "open") not in statuses:
                problem = f"unknown status {ticket['status']!r}; statuses are {', '.join(statuses)}"
                _refuse(f"{ticket_place}.status", problem)


def _check_tokens(place: str, workspace: Written, seen: dict[str, str]) -> None:
    for user_place, user in _each(place, "users", workspace):
        own = [(f"{user_place}.token", user["token"])] if "token" in user else []
        own += [(f"{at}.token", token["token"]) for at, token in _each(user_place, "tokens", user)]
        for token_place, token in own:
            if token in seen:
                _refuse(token_place, f"{seen[token]} is already {token!r}; use another")
            seen[token] = token_place


def _check_generation(place: str, workspace: Written) -> None:
    needed = ("users", "channels") if workspace.get("generate", {}).get("tickets") else ()
    for noun in needed:
        if not workspace.get(noun):
            _refuse(f"{place}.generate", f"generated tickets need {noun}; add some")


def check_ticket(place: str, ticket: Written, known: dict[str, list[int]]) -> None:
    """Raise FixtureError for a reference to a record that is not among the known ids."""
    if "channel" not in ticket and not known["channels"]:
        _refuse(f"{place}.channel", "the workspace has no channels; add one")
    _check_id(f"{place}.channel", "channel", ticket.get("channel"), known)
    _check_id(f"{place}.assignee", "user", ticket.get("assignee"), known)
    _check_id(f"{place}.contact", "contact", ticket.get("contact"), known)
    _check_id(f"{place}.team", "team", ticket.get("team"), known)
    for index, tag in enumerate(ticket.get("tags", ())):
        _check_id(f"{place}.tags[{index}]", "tag", tag, known)
    for message_place, message in _each(place, "messages", ticket):
        _check_message(message_place, message, ticket, known)
    for activity_place, activity in _each(place, "activities", ticket):
        _check_id(f"{activity_place}.user", "user", activity.get("user"), known)


def _check_message(
    place: str, message: Written, ticket: Written, known: dict[str, list[int]]
) -> None:
    if ("text" in message) == ("body_html" in message):
        _refuse(place, "a message has either text or body_html; use one of them")
    if "user" in message and "contact" in message:
        _refuse(place, "a message has one sender; keep user or contact")
    _check_id(f"{place}.user", "user", message.get("user"), known)
    _check_id(f"{place}.contact", "contact", message.get("contact"), known)
    unsigned = message.get("type", "inbound") != "inbound" and "contact" not in message
    if unsigned and message.get("user", ticket.get("assignee")) is None:
        _refuse(f"{place}.user", "the ticket has no assignee as the default sender; add user")


def _check_id(place: str, noun: str, id: int | None, known: dict[str, list[int]]) -> None:
    """Refuse the id of a record that does not exist; None refers to nothing."""
    ids = known[f"{noun}s"]
    if id is not None and id not in ids:
        remedy = f"{noun}s are {_some(ids)}" if ids else f"the workspace has no {noun}s"
        _refuse(place, f"{noun} {id} does not exist; {remedy}")


def _some(ids: list[int]) -> str:
    shown = ", ".join(map(str, ids[:20]))
    return shown if len(ids) <= 20 else f"{shown} and {len(ids) - 20} more"


def _refuse(place: str, problem: str) -> None:
    raise FixtureError(f"{place}: {problem}")
