"""Records as the bytes that replies are made of."""

import html
import re
from typing import Any

import orjson

from mockserver.choices import Choices
from mockserver.errors import SpecError
from mockserver.records import Activity, Message, Ticket, User
from mockserver.shape import Shapes
from mockserver.spec import Contract

_TAG = re.compile(r"<[^>]*>")


class Renderer:
    """Renders tickets, messages, activities and users as the contract shapes them."""

    def __init__(self, contract: Contract, choices: Choices) -> None:
        shapes = Shapes(contract, choices.ulid_case)
        detail = contract.properties(_reply(contract, "getTicket", "ticket"))
        item = contract.resolve(_reply(contract, "listTickets", "data")).get("items", {})
        activity = _items(detail, "activities")
        self._item = shapes.writer(item)
        self._message = shapes.writer(_items(detail, "messages"))
        self._activity = shapes.writer(activity)
        self._assignee = shapes.writer(contract.properties(item).get("assignee", {}))
        self._actor = shapes.writer(contract.properties(activity).get("user", {}))

    def item(self, ticket: Ticket) -> bytes:
        return orjson.dumps(self._item(ticket))

    def message(self, message: Message) -> bytes:
        return orjson.dumps(self._message(message))

    def activity(self, activity: Activity) -> bytes:
        return orjson.dumps(self._activity(activity))

    def assignee(self, user: User) -> bytes:
        return orjson.dumps(self._assignee(user))

    def actor(self, user: User) -> bytes:
        return orjson.dumps(self._actor(user))


def detail(item: bytes, messages: list[bytes], activities: list[bytes]) -> bytes:
    """Return a list item extended to the detail form."""
    parts = (b',"messages":[', b",".join(messages), b'],"activities":[', b",".join(activities))
    return b"".join((item[:-1], *parts, b"]}"))


def plain_text(body_html: str) -> str:
    """Return the text of a message without tags, its entities as characters."""
    return html.unescape(_TAG.sub(" ", body_html))


def _reply(contract: Contract, operation: str, name: str) -> Any:
    properties = contract.success(operation)
    if name not in properties:
        raise SpecError(f"openapi.yaml: the reply of {operation} has no {name!r}")
    return properties[name]


def _items(properties: dict[str, Any], name: str) -> Any:
    return properties.get(name, {}).get("items", {})
