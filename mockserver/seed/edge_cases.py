"""Edge cases: unusual tickets at fixed ids, to test how a front end displays them."""

from functools import cache
from pathlib import Path
from typing import Any

from mockserver.contract.errors import FixtureError
from mockserver.seed.world_file.yaml import read_yaml

Written = dict[str, Any]

_COLORS = ("red", "orange", "yellow", "green", "blue", "purple")
_FIRST_TAG = 901


@cache
def edge_cases() -> Written:
    """Return edge_cases.yaml: each ticket has a `slug` and a `purpose`. Nobody changes it."""
    written: Written = read_yaml(Path(__file__).with_name("edge_cases.yaml"))
    return written


def add_edge_cases(workspaces: list[Written]) -> None:
    """Add the edge cases to the workspace with `edge_cases: true`; raises FixtureError."""
    chosen = [index for index, workspace in enumerate(workspaces) if workspace.get("edge_cases")]
    for index in chosen[1:]:
        _refuse(index, "its ids are fixed, so one workspace can have it; remove this one")
    for index in chosen:
        _add(index, workspaces[index])


def _add(index: int, workspace: Written) -> None:
    written, ids = edge_cases(), _ids(index, workspace)
    added = {
        "tags": [_tag(number, name) for number, name in enumerate(written["tags"])],
        "contacts": [dict(contact) for contact in written["contacts"]],
        "tickets": [_ticket(each, written["default"], ids) for each in written["tickets"]],
    }
    for noun, records in added.items():
        workspace[noun] = [*workspace.get(noun, ()), *records]


def _ids(index: int, workspace: Written) -> dict[str, int]:
    """Return the ids that replace the words in capitals, and that of a channel."""
    users = [user for user in workspace.get("users", ()) if "id" in user]
    left = [user["id"] for user in users if user.get("left")]
    here = [user["id"] for user in users if not user.get("left")]
    channels = [channel["id"] for channel in workspace.get("channels", ()) if "id" in channel]
    if not (left and here and channels):
        needs = "a channel, a user, and a user with left: true, each with an id"
        _refuse(index, f"the edge cases need {needs}; write them")
    return {"AGENT": here[0], "COLLEAGUE": here[-1], "LEFT": left[0], "CHANNEL": channels[0]}


def _tag(number: int, name: str) -> Written:
    return {"id": _FIRST_TAG + number, "name": name, "color": _COLORS[number % len(_COLORS)]}


def _ticket(written: Written, default: Written, ids: dict[str, int]) -> Written:
    ticket = {"channel": "CHANNEL", **default, **written, **_long_texts(written["slug"])}
    shown = {name: value for name, value in ticket.items() if name not in ("slug", "purpose")}
    found: Written = _with_ids(shown, ids)
    return found


def _with_ids(value: Any, ids: dict[str, int]) -> Any:
    """Return a copy with ids instead of words."""
    if isinstance(value, dict):
        return {name: _with_ids(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_ids(each, ids) for each in value]
    return ids.get(value, value) if isinstance(value, str) else value


def _long_texts(slug: str) -> Written:
    if slug == "long-thread":
        return {"messages": [_turn(number) for number in range(300)]}
    if slug == "long-body":
        line = "the quick brown fox jumps over the lazy dog."
        text = "\n\n".join(f"Line {number}: {line}" for number in range(1, 1801))
        return {"messages": [{"text": text}]}
    return {}


def _turn(number: int) -> Written:
    message: Written = {"text": f"Message {number + 1} of 300.", "created_at": f"+{number * 4}h"}
    if number % 10 == 9:
        return message | {"type": "note", "user": "COLLEAGUE"}
    return message | ({"user": "AGENT"} if number % 2 else {})


def _refuse(index: int, problem: str) -> None:
    raise FixtureError(f"workspaces[{index}].edge_cases: {problem}")
