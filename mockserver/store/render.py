"""Records as the bytes that replies are made of."""

from typing import Any

import orjson

from mockserver.contract.choices import Choices
from mockserver.contract.errors import SpecError
from mockserver.contract.operations import Contract
from mockserver.seed.records import Activity, Message, Tag, Ticket, User
from mockserver.seed.serializer import Shapes

ITEM_FACTS = ("subject", "latest_message_preview", "summary")
MESSAGE_FACTS = ("body_html",)
"""What no column holds, because the rendered form does: unless a contract leaves it out."""


class Renderer:
    """Renders tickets, messages, activities and users as the contract shapes them."""

    def __init__(self, contract: Contract, choices: Choices) -> None:
        shapes = Shapes(contract, choices.ulid_case)
        detail = contract.properties(_reply(contract, "getTicket", "ticket"))
        item = contract.resolve(_reply(contract, "listTickets", "data")).get("items", {})
        message, activity = _items(detail, "messages"), _items(detail, "activities")
        self._item = shapes.writer(item)
        self._message = shapes.writer(message)
        self._activity = shapes.writer(activity)
        self._assignee = shapes.writer(contract.properties(item).get("assignee", {}))
        self._actor = shapes.writer(contract.properties(activity).get("user", {}))
        self._tags = shapes.writer(contract.properties(item).get("tags", {}))
        contacts = contract.operations.get("listContacts") and _reply(
            contract, "listContacts", "data"
        )
        self._contact = shapes.writer(contract.resolve(contacts or {}).get("items", {}))
        self._left_of_item = _left_out(contract, item, ITEM_FACTS)
        self._left_of_message = _left_out(contract, message, MESSAGE_FACTS)

    def item(self, ticket: Ticket) -> bytes:
        return orjson.dumps(self._item(ticket))

    def message(self, message: Message) -> bytes:
        return orjson.dumps(self._message(message))

    def rest_of_item(self, ticket: Ticket) -> bytes | None:
        """Return what the contract's list item leaves out; None: nothing."""
        return _rest(ticket, self._left_of_item)

    def rest_of_message(self, message: Message) -> bytes | None:
        return _rest(message, self._left_of_message)

    def tags(self, tags: list[Tag]) -> Any:
        """Return tags as values of a list item."""
        return self._tags(tags)

    def activity(self, activity: Activity) -> bytes:
        return orjson.dumps(self._activity(activity))

    def contact(self, contact: Any) -> bytes:
        return orjson.dumps(self._contact(contact))

    def assignee(self, user: User) -> bytes:
        return orjson.dumps(self._assignee(user))

    def actor(self, user: User) -> bytes:
        return orjson.dumps(self._actor(user))


def detail(item: bytes, messages: list[bytes], activities: list[bytes]) -> bytes:
    """Return a list item extended to the detail form."""
    parts = (b',"messages":[', b",".join(messages), b'],"activities":[', b",".join(activities))
    return b"".join((item[:-1], *parts, b"]}"))


def _left_out(contract: Contract, schema: Any, facts: tuple[str, ...]) -> tuple[str, ...]:
    shown = contract.properties(schema) if schema else {}
    return tuple(fact for fact in facts if fact not in shown)


def _rest(record: Any, names: tuple[str, ...]) -> bytes | None:
    return orjson.dumps({name: getattr(record, name) for name in names}) if names else None


def _reply(contract: Contract, operation: str, name: str) -> Any:
    properties = contract.success(operation)
    if name not in properties:
        raise SpecError(f"openapi.yaml: the reply of {operation} has no {name!r}")
    return properties[name]


def _items(properties: dict[str, Any], name: str) -> Any:
    return properties.get(name, {}).get("items", {})
