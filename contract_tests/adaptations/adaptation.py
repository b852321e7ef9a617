"""An adaptation: one difference of a deployment, and how requests and responses get past it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from contract_tests.observations.exchange import Exchange, Request

Node = dict[str, Any]
Place = tuple[str, ...]
"""Where a node stands in the OpenAPI document, step by step."""
Change = Literal["added", "removed", "renamed", "moved"]
"""The words of oasdiff."""
Renamed = dict[Place, dict[str, str]]
"""The keys of nodes of an OpenAPI document, by the place of the node: documented → actual."""


@dataclass(frozen=True)
class Adaptation:
    """`documented` and `actual` are names: of a key, a parameter, a header or a form.

    `agreed`: the contract that the deployment is checked against says so; it is no difference.
    """

    documented: str
    actual: str
    agreed: bool = False

    kind: ClassVar[str]
    change: ClassVar[Change] = "renamed"
    rank: ClassVar[int] = 1
    """Requests pass the adaptations from the lowest rank up, responses the other way."""
    severe: ClassVar[bool] = True
    """False for a difference that the documented page leaves open."""

    @property
    def label(self) -> str:
        """The name under which exchanges keep that they went through it."""
        return f"{self.labels}{self.actual}"

    @property
    def labels(self) -> str:
        """How the labels begin of all adaptations that stand for the same documented name."""
        return f"{self.kind}: {self.documented} -> "

    @property
    def own_names(self) -> tuple[str, ...]:
        """The names of the deployment, which are no data of its users."""
        return (self.actual,)

    def joined(self, _others: Collection["Adaptation"]) -> "Adaptation":
        """Return what stands for all adaptations with one label."""
        return self

    @property
    def words(self) -> str:
        """The difference as one clause."""
        raise NotImplementedError

    @property
    def breaks(self) -> str:
        """What goes wrong in a client that follows the documentation."""
        raise NotImplementedError

    def requirement(self, _operations: Collection[str]) -> str:
        """Return the statement that the difference breaks, which these operations show."""
        raise NotImplementedError

    def outgoing(self, request: Request) -> Request:
        """Return a documented request as the deployment takes it."""
        return request

    def documented_form(self, request: Request) -> Request:
        """Return a request as documented that somebody sent as the deployment takes it."""
        return request

    def incoming(self, _operation: str, document: Any) -> Any:
        """Return a response as documented; the same object when nothing had to change."""
        return document

    def amended(self, _document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        """Return the nodes of an OpenAPI document that must be others for this to be documented.

        `_operations` are those that show the difference.
        """
        return {}

    def renamed(self, _document: Node) -> Renamed:
        """Return the keys of an OpenAPI document that must be others for this to be documented."""
        return {}

    def accepts(self, exchange: Exchange) -> bool:
        """Return whether the answer to an adapted request shows that this is what was wanted."""
        forbidden = exchange.request.who == "readonly" and exchange.status == 403
        return exchange.successful or forbidden

    def is_missing(self, exchange: Exchange) -> bool:
        """Return whether the request of others has the documented form, if it was not adapted."""
        return self.outgoing(exchange.request) != exchange.request

    def explains(self, exchange: Exchange) -> bool:
        """Return whether a request failed because it was sent in the documented form."""
        return exchange.status in (400, 405, 422)

    def concerns(self, request: Request) -> bool:
        """Return whether a request leaves otherwise because of the difference."""
        return self.outgoing(request) != request


Proposal = tuple[Adaptation, ...]
"""Adaptations to try together, because a refusal says so."""
Learnt = tuple[Adaptation, Exchange | None]
"""What traffic shows that others sent, and the exchange in which the documented form failed.

Without such an exchange the deployment may take the documented form, too.
"""


def camel_case(name: str) -> str:
    """Return perPage for per_page, and filter[channelIds] for filter[channel_ids]."""
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def at(document: Any, place: Place) -> Any:
    """Return a node of a document; None if it is not there."""
    found = document
    for step in place:
        if isinstance(found, dict) and step not in found:
            return None
        found = found[step]
    return found


def with_key_renamed(schema: Node, old: str, new: str) -> Node:
    """Return the schema of an object in which a property has another name."""
    properties = {new if name == old else name: node for name, node in schema["properties"].items()}
    required = [new if name == old else name for name in schema.get("required", [])]
    return {**schema, "required": required, "properties": properties}
