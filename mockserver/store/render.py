"""Records as the bytes that replies are made of."""

from collections.abc import Callable
from typing import Any

import orjson

from mockserver.contract.choices import Choices
from mockserver.contract.operations import Contract
from mockserver.seed.serializer import Shapes, Writer

ITEM_FACTS = ("subject", "latest_message_preview", "summary")
MESSAGE_FACTS = ("body_html",)
"""What no column holds, because the rendered form does: unless a contract leaves it out."""


class Renderer:
    """Renders records as the contract shapes them; `tags` as values of a list item, not as bytes.

    The two `rest_of_` return what the contract leaves out of the rendered form; None: nothing.
    """

    def __init__(self, contract: Contract, choices: Choices) -> None:
        self._ulid_case = choices.ulid_case
        self.use(contract)

    def use(self, contract: Contract) -> None:
        """Render as another contract from now on; raises SpecError for one that does not fit."""
        shapes = Shapes(contract, self._ulid_case)
        detail = contract.properties(_reply(contract, "getTicket", "ticket"))
        item = contract.resolve(_reply(contract, "listTickets", "data")).get("items", {})
        message, activity = _items(detail, "messages"), _items(detail, "activities")
        fields = contract.properties(item)
        contacts = "listContacts" in contract.operations
        contact = contract.resolve(_reply(contract, "listContacts", "data")) if contacts else {}
        self.item = _encoder(shapes.writer(item))
        self.message = _encoder(shapes.writer(message))
        self.activity = _encoder(shapes.writer(activity))
        self.assignee = _encoder(shapes.writer(fields.get("assignee", {})))
        self.actor = _encoder(shapes.writer(contract.properties(activity).get("user", {})))
        self.contact = _encoder(shapes.writer(contact.get("items", {})))
        self.tags = shapes.writer(fields.get("tags", {}))
        self.rest_of_item = _rest(fields, ITEM_FACTS)
        self.rest_of_message = _rest(contract.properties(message) if message else {}, MESSAGE_FACTS)


def detail(item: bytes, messages: list[bytes], activities: list[bytes]) -> bytes:
    """Return a list item extended to the detail form."""
    parts = (b',"messages":[', b",".join(messages), b'],"activities":[', b",".join(activities))
    return b"".join((item[:-1], *parts, b"]}"))


def _encoder(writer: Writer) -> Callable[[Any], bytes]:
    return lambda record: orjson.dumps(writer(record))


def _rest(shown: dict[str, Any], facts: tuple[str, ...]) -> Callable[[Any], bytes | None]:
    names = [fact for fact in facts if fact not in shown]
    if not names:
        return lambda _: None
    return lambda record: orjson.dumps({name: getattr(record, name) for name in names})


def _reply(contract: Contract, operation: str, name: str) -> Any:
    properties = contract.success(operation)
    if name not in properties:
        raise contract.error(f"the reply of {operation} has no {name!r}")
    return properties[name]


def _items(properties: dict[str, Any], name: str) -> Any:
    return properties.get(name, {}).get("items", {})
