"""The style of the names of filters: without brackets, or in camel case."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from contract_tests.adaptations.naming import camel_case
from contract_tests.adaptations.requests.renaming import FILTER_NAMES, Renaming
from contract_tests.observations.exchange import LIST_PATH, Request
from contract_tests.observations.filter_semantics import FILTERS


@dataclass(frozen=True)
class BareFilters(Renaming):
    """Filters are named without the word filter and brackets."""

    documented: str = "filter[…]"
    actual: str = "…"

    kind = "filter_style"
    rank = 2

    @property
    def names(self) -> dict[str, str]:
        inner = (*FILTERS, *map(camel_case, FILTERS))
        return {f"filter[{name}]": name for name in inner}

    @property
    def words(self) -> str:
        return "filters are given without 'filter[…]': status instead of filter[status]"

    @property
    def breaks(self) -> str:
        return "a client that sends filter[status] is refused"

    def requirement(self, _operations: Collection[str]) -> str:
        return "list.filter.status"

    def outgoing(self, request: Request) -> Request:
        if request.path != LIST_PATH:
            return request
        return replace(request, query=tuple((_bare(name), value) for name, value in request.query))


@dataclass(frozen=True)
class CamelFilters(Renaming):
    """Filters of several words are named in camel case."""

    documented: str = "filter[assigned_to_me]"
    actual: str = "filter[assignedToMe]"

    kind = "filter_case"

    @property
    def names(self) -> dict[str, str]:
        return {name: camel_case(name) for name in FILTER_NAMES if "_" in name}

    @property
    def words(self) -> str:
        return (
            "filters of several words are named in camel case: "
            f"{self.actual} instead of {self.documented}"
        )

    @property
    def breaks(self) -> str:
        return f"a client that sends {self.documented} is refused, or is answered as if it did not"

    def requirement(self, _operations: Collection[str]) -> str:
        return "list.filter.assigned_to_me"


def _bare(name: str) -> str:
    return name[len("filter[") : -1] if name.startswith("filter[") and name.endswith("]") else name
