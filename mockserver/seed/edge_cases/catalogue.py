"""The catalogue of edge cases, and how they are added to a workspace."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockserver.contract.errors import FixtureError
from mockserver.seed.edge_cases import tickets
from mockserver.seed.edge_cases.tickets import Ids

Written = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EdgeCase:
    """One edge case: the id and purpose of its ticket, and the function that writes it."""

    id: int
    slug: str
    purpose: str
    write: Callable[[Ids], Written]


EDGE_CASES = (
    EdgeCase(901, "unassigned", "no assignee", tickets.unassigned),
    EdgeCase(902, "untagged", "no tags", tickets.untagged),
    EdgeCase(903, "thirty-tags", "30 tags", tickets.thirty_tags),
    EdgeCase(904, "long-thread", "300 messages", tickets.long_thread),
    EdgeCase(905, "long-subject", "a subject of 255 characters", tickets.long_subject),
    EdgeCase(906, "emoji-subject", "emoji of several code points", tickets.emoji_subject),
    EdgeCase(
        907, "right-to-left", "Arabic, Hebrew and Latin in one subject", tickets.right_to_left
    ),
    EdgeCase(908, "html-subject", "a subject that looks like HTML", tickets.html_subject),
    EdgeCase(909, "status-open", "status open", tickets.status_open),
    EdgeCase(
        910, "status-closed", "status closed, with the log that led there", tickets.status_closed
    ),
    EdgeCase(911, "status-spam", "status spam", tickets.status_spam),
    EdgeCase(912, "all-null", "null in every field that may be null", tickets.all_null),
    EdgeCase(913, "assignee-left", "an assignee who has left", tickets.assignee_left),
    EdgeCase(914, "attachments", "29 files: empty, huge, odd names", tickets.attachments),
    EdgeCase(
        915, "hostile-spam", "scripts, handlers and broken HTML as data", tickets.hostile_spam
    ),
    EdgeCase(916, "forwarded", "a forwarded message, then a note", tickets.forwarded),
    EdgeCase(917, "very-old", "from the year 2009", tickets.very_old),
    EdgeCase(918, "long-body", "a message of more than 100,000 characters", tickets.long_body),
    EdgeCase(919, "nameless-contact", "a contact without a name", tickets.nameless_contact),
    EdgeCase(920, "twin-one", "created and updated in the same second as 921", tickets.twin),
    EdgeCase(921, "twin-two", "created and updated in the same second as 920", tickets.twin),
    EdgeCase(
        922, "search-literals", "percent, underscore, quotes, backslash", tickets.search_literals
    ),
    EdgeCase(923, "foreign-names", "Japanese name, subject and text", tickets.foreign_names),
    EdgeCase(924, "long-word", "225 characters without a space", tickets.long_word),
    EdgeCase(925, "empty-subject", "an empty subject", tickets.empty_subject),
    EdgeCase(926, "reopened", "closed, then reopened by a reply", tickets.reopened),
)


def add_edge_cases(file: str, workspaces: list[Written]) -> None:
    """Add the edge cases to the workspace with `edge_cases: true`; raises FixtureError."""
    chosen = [index for index, workspace in enumerate(workspaces) if workspace.get("edge_cases")]
    for index in chosen[1:]:
        _refuse(file, index, "its ids are fixed, so one workspace can have it; remove this one")
    for index in chosen:
        _add(file, index, workspaces[index])


def _add(file: str, index: int, workspace: Written) -> None:
    ids = _room(file, index, workspace)
    for noun, written in (("tags", tickets.TAGS), ("contacts", tickets.CONTACTS)):
        workspace[noun] = [*workspace.get(noun, ()), *map(dict, written)]
    added = [exhibit.write(ids) | {"id": exhibit.id} for exhibit in EDGE_CASES]
    workspace["tickets"] = [*workspace.get("tickets", ()), *added]


def _room(file: str, index: int, workspace: Written) -> Ids:
    users = [user for user in workspace.get("users", ()) if "id" in user]
    left = [user["id"] for user in users if user.get("left")]
    here = [user["id"] for user in users if not user.get("left")]
    channels = [channel["id"] for channel in workspace.get("channels", ()) if "id" in channel]
    if not (left and here and channels):
        needs = "a channel, a user, and a user with left: true, each with an id"
        _refuse(file, index, f"the edge cases need {needs}; write them")
    return Ids(agent=here[0], colleague=here[-1], left=left[0], channel=channels[0])


def _refuse(file: str, index: int, problem: str) -> None:
    raise FixtureError(f"{file}: workspaces[{index}].edge_cases: {problem}")
