"""Ids of the generated records of each workspace, apart from those in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from mockserver.contract.errors import FixtureError
from mockserver.seed.generator.scripts import LONGEST_SCRIPT
from mockserver.seed.world_file.file import WorldFile

Written = dict[str, Any]

_CONTACTS = 5_000
_ROUND = 1_000


@dataclass(frozen=True, slots=True)
class IdRanges:
    """Ids of one workspace's generated tickets and contacts; first ids of the other records."""

    tickets: range
    contacts: range
    first_message: int
    first_attachment: int


def allocate_ids(world: WorldFile, wanted: Sequence[int]) -> list[IdRanges]:
    """Return the ids for each workspace, given the number of tickets it generates.

    Raises FixtureError if `first_id` leads to ids that are in use.
    """
    fixed = _fixed_ranges(world, wanted)
    written = {noun: _written_ids(world, noun) for noun in ("contacts", "messages", "attachments")}
    tickets = _after([*_written_ids(world, "tickets"), *(ids.stop - 1 for ids in fixed.values())])
    contacts, messages, attachments = (_after(ids) for ids in written.values())
    blocks = []
    for index, count in enumerate(wanted):
        people = _contacts(world.workspaces[index], count)
        ids = fixed.get(index, range(tickets, tickets + count))
        blocks.append(IdRanges(ids, range(contacts, contacts + people), messages, attachments))
        tickets = tickets if index in fixed else _after([tickets + count - 1])
        contacts += people
        # No thread has more messages than its script has steps, nor more files than messages.
        messages += count * LONGEST_SCRIPT
        attachments += count * LONGEST_SCRIPT
    return blocks


def _contacts(workspace: Written, count: int) -> int:
    if not count:
        return 0
    asked: int | None = workspace["generate"].get("contacts")
    return asked or min(max(8, count // 3), _CONTACTS)


def _fixed_ranges(world: WorldFile, wanted: Sequence[int]) -> dict[int, range]:
    fixed = {}
    for index, workspace in enumerate(world.workspaces):
        first = workspace.get("generate", {}).get("first_id")
        if first is not None:
            fixed[index] = range(first, first + wanted[index])
    _refuse_overlaps(world, fixed)
    return fixed


def _refuse_overlaps(world: WorldFile, fixed: dict[int, range]) -> None:
    taken = set(_written_ids(world, "tickets"))
    for index, ids in fixed.items():
        clash = min((id for id in taken if id in ids), default=None)
        if clash is not None:
            _refuse(world, index, ids, f"the file already has ticket {clash}")
    for (one, ids), (other, others) in combinations(fixed.items(), 2):
        if max(ids.start, others.start) < min(ids.stop, others.stop):
            _refuse(world, other, others, f"workspaces[{one}] generates some of these")


def _refuse(world: WorldFile, index: int, ids: range, problem: str) -> None:
    raise FixtureError(
        f"{world.source}: workspaces[{index}].generate.first_id: tickets {ids.start} to"
        f" {ids.stop - 1} would be generated, but {problem}; change or omit first_id"
    )


def _written_ids(world: WorldFile, noun: str) -> list[int]:
    owners = [record for workspace in world.workspaces for record in _owners(workspace, noun)]
    return [record["id"] for owner in owners for record in owner.get(noun, ())]


def _owners(workspace: Written, noun: str) -> Iterator[Written]:
    if noun in ("tickets", "contacts"):
        yield workspace
        return
    for ticket in workspace.get("tickets", ()):
        yield from [ticket] if noun == "messages" else ticket.get("messages", ())


def _after(ids: Sequence[int]) -> int:
    """Return the first id after the next full thousand, to make generated ids recognizable."""
    return -(-max(ids, default=0) // _ROUND) * _ROUND + 1
