"""Tags that are added to a ticket and removed from it."""

from collections.abc import Iterator

from contract_tests.laws.extension.extension_writes import (
    ADD_TAG,
    REMOVE_TAG,
    Write,
    tag_ids,
    writes,
)
from contract_tests.laws.extension.history import ExtensionHistory
from contract_tests.laws.finding import Finding, holds, law, violated


@law("extension.tag.add", "extension.tag.remove", "extension.tag.twice")
def tags(history: ExtensionHistory) -> Iterator[Finding]:
    """A tag that was added is on the ticket, once; one that was removed is not."""
    for write in writes(history):
        if write.operation not in (ADD_TAG, REMOVE_TAG) or write.exchange.request.who != "main":
            continue
        if "unknown" in write.exchange.request.purpose:
            continue
        added = write.operation == ADD_TAG
        had = write.tag in tag_ids(write.then)
        name = "twice" if had is added else "add" if added else "remove"
        requirement = f"extension.tag.{name}"
        fault = _fault_of_tags(write, due=int(added))
        if fault:
            yield violated(requirement, fault, *write.proof)
        else:
            yield holds(requirement, *write.proof)


def _fault_of_tags(write: Write, due: int) -> str:
    if not write.exchange.successful:
        return f"answered {write.exchange.status}"
    places = {"its detail": write.now}
    document = write.exchange.document
    if isinstance(document, dict) and isinstance(document.get("ticket"), dict):
        places["the response"] = document["ticket"]
    for place, ticket in places.items():
        count = tag_ids(ticket).count(write.tag)
        if count != due:
            return f"{place} shows tag {write.tag} {count} times"
    return ""


@law("extension.tag.missing")
def unknown_tags(history: ExtensionHistory) -> Iterator[Finding]:
    """A tag that does not exist is 404."""
    for exchange in history.sent(ADD_TAG):
        if "unknown" not in exchange.request.purpose or history.why_absent(ADD_TAG):
            continue
        if exchange.status == 404:
            yield holds("extension.tag.missing", exchange)
        elif (exchange.status or 0) >= 500:
            continue
        else:
            yield violated("extension.tag.missing", f"answered {exchange.status}", exchange)
