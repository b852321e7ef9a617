"""The changes of a world: what differs from the world that it was seeded from.

A changed ticket has the fields that differ. Its messages and activities are added to those of the
seed, unless it is `whole`. A new ticket has all fields, and names its workspace.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mockserver.seed.records import Ticket, Workspace
from mockserver.seed.world_file.export import to_yaml, write_fields, write_ticket

Written = dict[str, Any]

_THREADS = ("messages", "activities")


def changes_to_yaml(
    name: str, recipe: str, before: Iterable[Workspace], after: Iterable[Workspace]
) -> str | None:
    """Return a world file of changes; None where the seed or a change cannot be written so.

    `recipe` is the JSON of the file that leads to the seed; it may have changes itself.
    """
    changes = find_changes(before, after) if recipe else None
    if changes is None:
        return None
    seed = json.loads(recipe)
    merged = merge_changes(seed.get("changes", {}), changes)
    extra = {"changes": merged} if merged else {}
    return to_yaml({"name": name, "extends": seed["extends"], **extra})


def find_changes(before: Iterable[Workspace], after: Iterable[Workspace]) -> Written | None:
    """Return the changes of the tickets and contacts; None for others, which cannot be written.

    Both sides have all contacts, and the same choice of tickets.
    """
    changes: Written = {"contacts": [], "tickets": []}
    for old, new in zip(before, after, strict=True):
        if _without_changes(old) != _without_changes(new):
            return None
        known = {contact.id: contact for contact in old.contacts}
        if any(known.get(each.id, each) != each for each in new.contacts):
            return None
        added = [each for each in new.contacts if each.id not in known]
        changes["contacts"] += [{"workspace": new.id, **write_fields(each)} for each in added]
        tickets = {ticket.id: ticket for ticket in old.tickets}
        changes["tickets"] += (_change(new.id, tickets.get(t.id), t) for t in new.tickets)
    changes["tickets"] = [change for change in changes["tickets"] if len(change) > 1]
    return {name: found for name, found in changes.items() if found}


def merge_changes(first: Mapping[str, Any], second: Mapping[str, Any]) -> Written:
    """Return the changes that have the effect of both, one after the other."""
    tickets: dict[int, Written] = {change["id"]: change for change in first.get("tickets", ())}
    for change in second.get("tickets", ()):
        known = tickets.get(change["id"], {})
        merged = tickets[change["id"]] = merged_ticket(known, change)
        if (known.get("whole") or change.get("whole")) and "workspace" not in merged:
            merged["whole"] = True
    contacts = [*first.get("contacts", ()), *second.get("contacts", ())]
    found = {"contacts": contacts, "tickets": sorted(tickets.values(), key=_id)}
    return {name: each for name, each in found.items() if each}


def _change(workspace: int, before: Ticket | None, after: Ticket) -> Written:
    written = write_ticket(after)
    if before is None:
        return {"id": after.id, "workspace": workspace, **written}
    old = write_ticket(before)
    change = {"id": after.id}
    change |= {name: value for name, value in written.items() if old.get(name) != value}
    added = {
        name: [each for each in written[name] if each not in old[name]]
        for name in _THREADS
        if name in change
    }
    short = {**change, **{name: each for name, each in added.items() if each}}
    if _ordered(merged_ticket(old, short)) == written:
        return short
    return {**change, **{name: written[name] for name in _THREADS}, "whole": True}


def merged_ticket(ticket: Mapping[str, Any], change: Mapping[str, Any]) -> Written:
    """Return a written ticket with a change."""
    merged = {**ticket, **change}
    if not change.get("whole"):
        for name in _THREADS:
            if name in ticket and name in change:
                merged[name] = [*ticket[name], *change[name]]
    merged.pop("whole", None)
    return merged


def _ordered(ticket: Written) -> Written:
    """Return a written ticket with messages and activities in the order of reading them."""
    messages = sorted(ticket["messages"], key=lambda each: (each["created_at"], each["id"]))
    activities = sorted(ticket["activities"], key=lambda each: each["created_at"])
    return {**ticket, "messages": messages, "activities": activities}


def _id(change: Mapping[str, Any]) -> int:
    id: int = change["id"]
    return id


def _without_changes(workspace: Workspace) -> Workspace:
    return replace(workspace, contacts=(), tickets=(), ticket_count=0)
