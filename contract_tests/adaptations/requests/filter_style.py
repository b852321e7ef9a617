"""The style of the names of filters: without brackets, or in camel case."""

from dataclasses import dataclass, replace

from contract_tests.adaptations.adaptation import camel_case
from contract_tests.adaptations.requests.renaming import Renaming, inner
from contract_tests.observations.exchange import LIST_PATH, Request
from contract_tests.observations.filter_semantics import FILTERS


@dataclass(frozen=True)
class BareFilters(Renaming):
    """Filters are named without the word filter and brackets."""

    documented: str = "filter[…]"
    actual: str = "…"

    kind = "filter_style"
    rank = 2
    difference = "filters are given without 'filter[…]': status instead of filter[status]"
    statement = "list.filter.status"

    @property
    def names(self) -> dict[str, str]:
        return {f"filter[{name}]": name for name in (*FILTERS, *map(camel_case, FILTERS))}

    def outgoing(self, request: Request) -> Request:
        if request.path != LIST_PATH:
            return request
        return replace(request, query=tuple((inner(name), value) for name, value in request.query))
