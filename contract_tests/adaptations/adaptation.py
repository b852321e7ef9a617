"""An adaptation: one difference of a deployment, and how requests and responses are converted."""

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

    `agreed`: the contract that the deployment is checked against documents it already.
    """

    documented: str
    actual: str
    agreed: bool = False

    kind: ClassVar[str]
    change: ClassVar[Change] = "renamed"
    rank: ClassVar[int] = 1
    """Requests are converted from the lowest rank up, responses the other way."""
    severe: ClassVar[bool] = True
    """False for a difference that the documented page leaves open."""
    difference: ClassVar[str]
    """The difference as one clause, with {documented} and {actual}."""
    consequence: ClassVar[str]
    """What goes wrong in a client that follows the documentation, with {documented}, {actual}."""
    statement: ClassVar[str]
    """The statement that the difference breaks."""

    @property
    def label(self) -> str:
        """The name of the adaptation in exchanges and records."""
        return f"{self.labels}{self.actual}"

    @property
    def labels(self) -> str:
        """The beginning of the labels of all adaptations of one documented name."""
        return f"{self.kind}: {self.documented} -> "

    @property
    def own_names(self) -> tuple[str, ...]:
        """The names of the deployment, which need no masking."""
        return (self.actual,)

    def joined(self, _others: Collection["Adaptation"]) -> "Adaptation":
        """Return one adaptation for all that have the same label."""
        return self

    @property
    def words(self) -> str:
        return self.difference.format(documented=self.documented, actual=self.actual)

    @property
    def breaks(self) -> str:
        return self.consequence.format(documented=self.documented, actual=self.actual)

    def requirement(self, _operations: Collection[str]) -> str:
        """Return the statement that the difference breaks, which these operations show."""
        return self.statement

    def outgoing(self, request: Request) -> Request:
        """Convert a documented request to the form of the deployment."""
        return request

    def documented_form(self, request: Request) -> Request:
        """Convert a request in the form of the deployment to the documented form."""
        return request

    def incoming(self, _operation: str, document: Any) -> Any:
        """Convert a response body to the documented form; return the same object if it is that."""
        return document

    def amended(self, _document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        """Return the nodes to replace in an OpenAPI document to document the difference.

        `_operations` are those that show the difference.
        """
        return {}

    def renamed(self, _document: Node) -> Renamed:
        """Return the keys to rename in an OpenAPI document to document the difference."""
        return {}

    def accepts(self, exchange: Exchange) -> bool:
        """Return whether the response to an adapted request shows that the adaptation is right."""
        forbidden = exchange.request.who == "readonly" and exchange.status == 403
        return exchange.successful or forbidden

    def is_missing(self, exchange: Exchange) -> bool:
        """Return whether a recorded request was sent in the documented form."""
        return self.outgoing(exchange.request) != exchange.request

    def explains(self, exchange: Exchange) -> bool:
        """Return whether a request probably failed because of its documented form."""
        return exchange.status in (400, 405, 422)

    def concerns(self, request: Request) -> bool:
        """Return whether the adaptation changes a request."""
        return self.outgoing(request) != request


Proposal = tuple[Adaptation, ...]
"""Adaptations to try together, because a refusal says so."""
Learnt = tuple[Adaptation, Exchange | None]
"""An adaptation that recorded traffic shows, and the exchange in which the documented form failed.

Without such an exchange, the deployment may accept the documented form, too.
"""


def camel_case(name: str) -> str:
    """Return perPage for per_page, and filter[channelIds] for filter[channel_ids]."""
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def with_key_renamed(schema: Node, old: str, new: str) -> Node:
    """Return the schema of an object in which a property has another name."""
    properties = {new if name == old else name: node for name, node in schema["properties"].items()}
    required = [new if name == old else name for name in schema.get("required", [])]
    return {**schema, "required": required, "properties": properties}
