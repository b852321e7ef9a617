"""Every kind of adaptation by name, to read it back from a record or a contract."""

from typing import Any

from contract_tests.adaptations.adaptation import Adaptation
from contract_tests.adaptations.requests.base_path import BasePath
from contract_tests.adaptations.requests.body_field import BodyField
from contract_tests.adaptations.requests.filter_style import BareFilters
from contract_tests.adaptations.requests.header import Header
from contract_tests.adaptations.requests.identifier import Identifier
from contract_tests.adaptations.requests.method import Method
from contract_tests.adaptations.requests.parameter import Parameter
from contract_tests.adaptations.responses.envelope import Envelope
from contract_tests.adaptations.responses.key_style import KeyStyle
from contract_tests.adaptations.responses.pagination import Pagination

_KINDS: dict[str, type[Adaptation]] = {
    kind.kind: kind
    for kind in (
        BareFilters,
        BasePath,
        BodyField,
        Envelope,
        Header,
        Identifier,
        KeyStyle,
        Method,
        Pagination,
        Parameter,
    )
}


def written(adaptation: Adaptation) -> dict[str, Any]:
    """Return an adaptation as JSON."""
    names = ("kind", "documented", "actual")
    return {name: getattr(adaptation, name) for name in names}


def read(node: dict[str, Any], *, agreed: bool = False) -> Adaptation:
    """Return an adaptation from its JSON; raises KeyError for an unknown kind."""
    return _KINDS[node["kind"]](node["documented"], node["actual"], agreed)
