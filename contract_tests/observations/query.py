"""What a list request asks for, read from its query string by the contract's own names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contract_tests.observations.filter_semantics import filter_of, is_number
from mockserver.contract.operations import Contract

_ODD = {
    "page": "list.page.odd",
    "per_page": "list.per_page.odd",
    "sort": "list.sort.unknown",
    "filter[status]": "list.filter.status.unknown",
}


@dataclass(frozen=True)
class Sort:
    """One sort key and its direction."""

    key: str
    descending: bool

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


@dataclass(frozen=True)
class Query:
    """A list query; `plain` means that every part of it has a documented meaning."""

    plain: bool
    per_page: int
    page: int
    sorts: tuple[Sort, ...]
    filters: tuple[tuple[str, str], ...]
    sized: bool
    sorted: bool

    @property
    def filter_names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.filters)


class QueryReader:
    """Reads queries by the parameters, defaults, limits and enums of listTickets."""

    def __init__(self, contract: Contract) -> None:
        self._known = contract.operations["listTickets"].query
        self.default_size = int(self._known["per_page"].default)
        self.largest_size = int(self._known["per_page"].maximum or 100)
        self._sorts = [str(value) for value in self._known["sort"].choices]
        self._default_sorts = [str(value) for value in self._known["sort"].default]
        self._checks: dict[str, Callable[[str], bool]] = {
            "per_page": lambda value: is_number(value) and 1 <= int(value) <= self.largest_size,
            "page": lambda value: is_number(value) and 1 <= int(value) < 10**6,
            "sort": lambda value: all(part in self._sorts for part in value.split(",")),
        }

    def read(self, pairs: Iterable[tuple[str, str]]) -> Query:
        pairs = tuple(pairs)
        given = dict(pairs)
        names = given.get("sort", "").split(",") if "sort" in given else self._default_sorts
        filters = tuple((name, given[name]) for name in given if name.startswith("filter["))
        plain = len(pairs) == len(given) and all(self._plain(n, v) for n, v in given.items())
        return Query(
            plain=plain,
            per_page=_number(given.get("per_page"), self.default_size),
            page=_number(given.get("page"), 1),
            sorts=tuple(Sort(name.removeprefix("-"), name.startswith("-")) for name in names),
            filters=filters,
            sized="per_page" in given,
            sorted="sort" in given,
        )

    def as_answered(self, pairs: Iterable[tuple[str, str]], size: object) -> Query:
        """Read a query whose answer names its page size.

        A size above the maximum asks for the maximum, where the answer has that size.
        """
        pairs = tuple(pairs)
        asked = dict(pairs).get("per_page", "")
        if size == self.largest_size and is_number(asked) and int(asked) > self.largest_size:
            pairs = tuple((n, str(size) if n == "per_page" else value) for n, value in pairs)
        return self.read(pairs)

    def documented(self, pairs: Iterable[tuple[str, str]]) -> Query:
        """Return what the documented parameters of a query ask for that are given once."""
        pairs = tuple(pairs)
        names = [name for name, _ in pairs]
        return self.read((n, v) for n, v in pairs if names.count(n) == 1 and self._plain(n, v))

    def documented_items(self, name: str, value: str) -> str:
        """Return the items of a list filter that are documented, without blanks around them."""
        known = filter_of(name)
        if known is None or known.kind != "list" or name not in self._known:
            return ""
        items = (item.strip() for item in value.split(","))
        return ",".join(item for item in items if self._plain(name, item))

    def odd(self, pairs: Iterable[tuple[str, str]]) -> list[str]:
        """Return the requirements on odd values that a query puts to the test."""
        found = {_ODD.get(name) for name, value in pairs if not self._plain(name, value)}
        if any(name.startswith("filter") and name not in self._known for name, _ in pairs):
            found.add("list.filter.unknown")
        return sorted(name for name in found if name is not None)

    def _plain(self, name: str, value: str) -> bool:
        """Return whether a parameter is documented and its value has a documented meaning."""
        known = filter_of(name)
        if known is not None and name in self._known:
            return known.is_documented(value, [str(c) for c in self._known[name].choices])
        check = self._checks.get(name)
        return check is not None and check(value)


def _number(value: str | None, default: int) -> int:
    return int(value) if value is not None and is_number(value) else default
