"""The edge gallery: tickets that show what a front end meets on a bad day, at fixed ids."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockserver.contract.errors import FixtureError
from mockserver.seed.edge_cases import exhibits
from mockserver.seed.edge_cases.exhibits import Room

Written = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A ticket of the gallery: where it is, and what it is for."""

    id: int
    slug: str
    purpose: str
    write: Callable[[Room], Written]


GALLERY = (
    Exhibit(901, "unassigned", "no assignee", exhibits.unassigned),
    Exhibit(902, "untagged", "no tags", exhibits.untagged),
    Exhibit(903, "thirty-tags", "30 tags", exhibits.thirty_tags),
    Exhibit(904, "long-thread", "300 messages", exhibits.long_thread),
    Exhibit(905, "long-subject", "a subject of 255 characters", exhibits.long_subject),
    Exhibit(906, "emoji-subject", "emoji of several code points", exhibits.emoji_subject),
    Exhibit(
        907, "right-to-left", "Arabic, Hebrew and Latin in one subject", exhibits.right_to_left
    ),
    Exhibit(908, "html-subject", "a subject that looks like HTML", exhibits.html_subject),
    Exhibit(909, "status-open", "status open", exhibits.status_open),
    Exhibit(
        910, "status-closed", "status closed, with the log that led there", exhibits.status_closed
    ),
    Exhibit(911, "status-spam", "status spam", exhibits.status_spam),
    Exhibit(912, "all-null", "null in every field that may be null", exhibits.all_null),
    Exhibit(913, "assignee-left", "an assignee who has left", exhibits.assignee_left),
    Exhibit(914, "attachments", "29 files: empty, huge, odd names", exhibits.attachments),
    Exhibit(
        915, "hostile-spam", "scripts, handlers and broken HTML as data", exhibits.hostile_spam
    ),
    Exhibit(916, "forwarded", "a forwarded message, then a note", exhibits.forwarded),
    Exhibit(917, "very-old", "from the year 2009", exhibits.very_old),
    Exhibit(918, "long-body", "a message of more than 100,000 characters", exhibits.long_body),
    Exhibit(919, "nameless-contact", "a contact without a name", exhibits.nameless_contact),
    Exhibit(920, "twin-one", "created and updated in the same second as 921", exhibits.twin),
    Exhibit(921, "twin-two", "created and updated in the same second as 920", exhibits.twin),
    Exhibit(
        922, "search-literals", "percent, underscore, quotes, backslash", exhibits.search_literals
    ),
    Exhibit(923, "foreign-names", "Japanese name, subject and text", exhibits.foreign_names),
    Exhibit(924, "long-word", "225 characters without a blank", exhibits.long_word),
    Exhibit(925, "empty-subject", "a subject of no characters", exhibits.empty_subject),
    Exhibit(926, "reopened", "closed, then reopened by a reply", exhibits.reopened),
)


def hang_gallery(file: str, workspaces: list[Written]) -> None:
    """Write the exhibits into the workspace that asks for them; raises FixtureError."""
    wishing = [index for index, workspace in enumerate(workspaces) if workspace.get("gallery")]
    for index in wishing[1:]:
        _refuse(file, index, "its ids are fixed, so one workspace can have it; remove this one")
    for index in wishing:
        _hang(file, index, workspaces[index])


def _hang(file: str, index: int, workspace: Written) -> None:
    room = _room(file, index, workspace)
    for noun, written in (("tags", exhibits.TAGS), ("contacts", exhibits.CONTACTS)):
        workspace[noun] = [*workspace.get(noun, ()), *map(dict, written)]
    hung = [exhibit.write(room) | {"id": exhibit.id} for exhibit in GALLERY]
    workspace["tickets"] = [*workspace.get("tickets", ()), *hung]


def _room(file: str, index: int, workspace: Written) -> Room:
    users = [user for user in workspace.get("users", ()) if "id" in user]
    left = [user["id"] for user in users if user.get("left")]
    here = [user["id"] for user in users if not user.get("left")]
    channels = [channel["id"] for channel in workspace.get("channels", ()) if "id" in channel]
    if not (left and here and channels):
        needs = "a channel, a user, and a user with left: true, each with an id"
        _refuse(file, index, f"the gallery needs {needs}; write them")
    return Room(agent=here[0], colleague=here[-1], left=left[0], channel=channels[0])


def _refuse(file: str, index: int, problem: str) -> None:
    raise FixtureError(f"{file}: workspaces[{index}].gallery: {problem}")
