"""What a catalogue is made from, gathered ticket by ticket while a layer is planted."""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from mockserver.contract.html_text import text_of
from mockserver.seed.records import Ticket
from mockserver.store.shapes import holes_for, shapes

Facet = tuple[str, Any]
"""A column and its value, such as `("status", "open")`; or `("tag", 3)`."""

Sets = dict[Any, "array[int]"]


class Gathered:
    """Tickets by their place in the order of planting, and the sets that they are in."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.times = {name: array("q") for name in ("created", "updated", "active")}
        self.facets: Sets = defaultdict(_numbers)
        self.sentences: Sets = defaultdict(_numbers)
        self.particulars: Sets = defaultdict(_numbers)

    def add(self, tickets: Iterable[Ticket]) -> None:
        for ticket in tickets:
            self._add(ticket)

    def _add(self, ticket: Ticket) -> None:
        place = len(self.ids)
        self.ids.append(ticket.id)
        self.times["created"].append(int(ticket.created_at.timestamp()))
        self.times["updated"].append(int(ticket.updated_at.timestamp()))
        self.times["active"].append(int(ticket.last_activity_at.timestamp()))
        for facet in _facets(ticket):
            self.facets[facet].append(place)
        texts = [ticket.subject, *(text_of(message.body_html) for message in ticket.messages)]
        sentences, found = shapes(
            [text.casefold() for text in texts], holes_for(ticket.particulars)
        )
        for sentence in sentences:
            self.sentences[sentence].append(place)
        for hole, value in found:
            self.particulars[hole + value].append(place)


def _facets(ticket: Ticket) -> Iterable[Facet]:
    yield "status", ticket.status
    yield "channel", ticket.channel.id
    yield "assignee", ticket.assignee.id if ticket.assignee else None
    for tag in {tag.id for tag in ticket.tags}:
        yield "tag", tag


def _numbers() -> "array[int]":
    return array("I")
