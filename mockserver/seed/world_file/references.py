"""References between the records of a world file: ids are unique, and references exist."""

from collections.abc import Collection, Iterator
from typing import Any

from mockserver.contract.errors import FixtureError

Written = dict[str, Any]

_NOUNS = ("users", "teams", "channels", "tags", "contacts", "tickets")


def number(file: str, workspaces: list[Written]) -> None:
    """Assign the lowest free id to every record without one; raises FixtureError for duplicates."""
    taken: dict[str, dict[int, str]] = {}
    for noun, place, record in _records(workspaces):
        if "id" in record:
            first = taken.setdefault(noun, {}).setdefault(record["id"], place)
            if first != place:
                _refuse(file, f"{place}.id", f"{first} already has id {record['id']}; use another")
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


def check_references(file: str, workspaces: list[Written], statuses: Collection[str]) -> None:
    """Raise FixtureError for the first reference to a record that does not exist."""
    tokens: dict[str, str] = {}
    for index, workspace in enumerate(workspaces):
        place = f"workspaces[{index}]"
        _check_tokens(file, place, workspace, tokens)
        _check_generation(file, place, workspace)
        known = {noun: [record["id"] for record in workspace.get(noun, ())] for noun in _NOUNS}
        for ticket_place, ticket in _each(place, "tickets", workspace):
            check_ticket(file, ticket_place, ticket, known)
            if ticket.get("status", "open") not in statuses:
                problem = f"unknown status {ticket['status']!r}; statuses are {', '.join(statuses)}"
                _refuse(file, f"{ticket_place}.status", problem)


def _check_tokens(file: str, place: str, workspace: Written, seen: dict[str, str]) -> None:
    for user_place, user in _each(place, "users", workspace):
        own = [(f"{user_place}.token", user["token"])] if "token" in user else []
        own += [(f"{at}.token", token["token"]) for at, token in _each(user_place, "tokens", user)]
        for token_place, token in own:
            if token in seen:
                _refuse(file, token_place, f"{seen[token]} is already {token!r}; use another")
            seen[token] = token_place


def _check_generation(file: str, place: str, workspace: Written) -> None:
    needed = ("users", "channels") if workspace.get("generate", {}).get("tickets") else ()
    for noun in needed:
        if not workspace.get(noun):
            _refuse(file, f"{place}.generate", f"generated tickets need {noun}; add some")


def check_ticket(file: str, place: str, ticket: Written, known: dict[str, list[int]]) -> None:
    """Raise FixtureError for a reference to a record that is not among the known ids."""
    if "channel" not in ticket and not known["channels"]:
        _refuse(file, f"{place}.channel", "the workspace has no channels; add one")
    _check_named(file, place, "channel", ticket, known["channels"])
    _check_named(file, place, "assignee", ticket, known["users"])
    _check_named(file, place, "contact", ticket, known["contacts"])
    _check_named(file, place, "team", ticket, known["teams"])
    for index, tag in enumerate(ticket.get("tags", ())):
        _check_named(file, f"{place}.tags", f"[{index}]", {f"[{index}]": tag}, known["tags"])
    for message_place, message in _each(place, "messages", ticket):
        _check_message(file, message_place, message, ticket, known)
    for activity_place, activity in _each(place, "activities", ticket):
        _check_named(file, activity_place, "user", activity, known["users"])


def _check_message(
    file: str, place: str, message: Written, ticket: Written, known: dict[str, list[int]]
) -> None:
    if ("text" in message) == ("body_html" in message):
        _refuse(file, place, "a message has either text or body_html; use one of them")
    if "user" in message and "contact" in message:
        _refuse(file, place, "a message has one sender; keep user or contact")
    _check_named(file, place, "user", message, known["users"])
    _check_named(file, place, "contact", message, known["contacts"])
    unsigned = message.get("type", "inbound") != "inbound" and "contact" not in message
    if unsigned and message.get("user", ticket.get("assignee")) is None:
        _refuse(file, f"{place}.user", "the ticket has no assignee as the default sender; add user")


def _check_named(file: str, place: str, field: str, record: Written, known: list[int]) -> None:
    id = record.get(field)
    if id is None or id in known:
        return
    noun = _noun_of(place, field)
    remedy = f"{noun}s are {_some(known)}" if known else f"the workspace has no {noun}s"
    dot = "" if field.startswith("[") else "."
    _refuse(file, f"{place}{dot}{field}", f"{noun} {id} does not exist; {remedy}")


def _noun_of(place: str, field: str) -> str:
    if field.startswith("["):
        return place.rsplit(".", 1)[-1].removesuffix("s")
    return "user" if field == "assignee" else field


def _some(ids: list[int]) -> str:
    shown = ", ".join(map(str, ids[:20]))
    return shown if len(ids) <= 20 else f"{shown} and {len(ids) - 20} more"


def _refuse(file: str, place: str, problem: str) -> None:
    raise FixtureError(f"{file}: {place}: {problem}")
