"""Parameters of several words in camel case: one difference, however many there are."""

from collections.abc import Collection
from dataclasses import dataclass

from contract_tests.adaptations.adaptation import Adaptation, camel_case
from contract_tests.adaptations.requests.renaming import Renaming, statement

_AND = ", "


@dataclass(frozen=True)
class ParameterCase(Renaming):
    """`documented` and `actual` are names in the query string, or several of them in a list."""

    kind = "parameter_case"

    @property
    def label(self) -> str:
        return f"{self.labels}camelCase"

    @property
    def labels(self) -> str:
        return f"{self.kind}: snake_case -> "

    @property
    def names(self) -> dict[str, str]:
        return dict(zip(self.documented.split(_AND), self.own_names, strict=True))

    @property
    def own_names(self) -> tuple[str, ...]:
        return tuple(self.actual.split(_AND))

    @property
    def words(self) -> str:
        pairs = [f"{own} instead of {documented}" for documented, own in self.names.items()]
        return f"parameters of several words are named in camel case: {_AND.join(pairs)}"

    def requirement(self, _operations: Collection[str]) -> str:
        return statement(next(iter(self.names)))

    def joined(self, others: Collection[Adaptation]) -> "ParameterCase":
        documented = [self.documented, *(each.documented for each in others)]
        actual = [self.actual, *(each.actual for each in others)]
        return ParameterCase(_AND.join(documented), _AND.join(actual), self.agreed)


def in_camel_case(name: str) -> ParameterCase:
    return ParameterCase(name, camel_case(name))
