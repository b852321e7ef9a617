"""Parameters with other names, found by their effect in recorded traffic."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import Adaptation, Learnt, camel_case
from contract_tests.adaptations.requests import effect, header, parameter
from contract_tests.adaptations.requests.filter_style import BareFilters
from contract_tests.adaptations.requests.renaming import inner
from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.query import QueryReader
from contract_tests.observations.ticket import Row
from mockserver.contract.operations import Contract


def recorded(exchanges: Iterable[Exchange], contract: Contract) -> list[Learnt]:
    """Return the names that had the effect of documented parameters."""
    known, reader = contract.operations["listTickets"].query, QueryReader(contract)
    lists = [e for e in exchanges if (e.request.method, e.request.path) == ("GET", LIST_PATH)]
    rows = {row["id"]: row for exchange in lists for row in effect.rows_of(exchange)}
    names = dict.fromkeys(name for e in lists for name in e.request.parameters if name not in known)
    found: dict[Adaptation, Exchange | None] = {}
    for name in names:
        documented = _meaning(name, known)
        if documented is None:
            continue
        default = str(known[documented].default)
        uses = _Uses(documented, default, reader, lists, list(rows.values()))
        effects = uses.effects(name)
        if True in effects and False not in effects and True not in uses.effects(documented):
            adaptation = _adaptation(documented, name)
            found[adaptation] = found.get(adaptation) or uses.failed()
    return list(found.items())


@dataclass(frozen=True)
class _Uses:
    """The list requests with a parameter, under its documented name or another."""

    documented: str
    default: str
    reader: QueryReader
    lists: list[Exchange]
    rows: list[Row]

    def effects(self, name: str) -> set[bool | None]:
        """Return the effects of a name that the lists show."""
        return {self._effect(name, exchange) for exchange in self._asked(name)}

    def failed(self) -> Exchange | None:
        """Return the first exchange in which the documented name was refused, or ignored."""
        failed = (e for e in self._asked(self.documented) if self._is_refused(e))
        return next(failed, None)

    def _is_refused(self, exchange: Exchange) -> bool:
        if exchange.status == 200:
            return self._effect(self.documented, exchange) is False
        said = {*refusal.field_names(exchange), *refusal.names(refusal.words(exchange))}
        named = not said.isdisjoint((self.documented, inner(self.documented)))
        alone = len(exchange.request.query) == 1 and header.detect(exchange) is None
        return exchange.status in (400, 422) and (alone or named)

    def _asked(self, name: str) -> list[Exchange]:
        """Return the lists with a name, whose value is documented and not the default."""
        return [e for e in self.lists if self._tells(e.request.parameters.get(name, self.default))]

    def _tells(self, value: str) -> bool:
        return value != self.default and self.reader.read([(self.documented, value)]).plain

    def _effect(self, name: str, exchange: Exchange) -> bool | None:
        if exchange.status != 200:
            return None
        value = exchange.request.parameters[name]
        return effect.shown(self.documented, value, exchange, self.rows)


def _meaning(name: str, known: Collection[str]) -> str | None:
    """Return the documented parameter that an undocumented name may stand for."""
    if f"filter[{name}]" in known:
        return f"filter[{name}]"
    spelled = next((d for d in known if camel_case(d) == name), None)
    alike = [documented for documented in known if parameter.mean_the_same(documented, name)]
    return spelled or (alike[0] if len(alike) == 1 else None)


def _adaptation(documented: str, name: str) -> Adaptation:
    is_bare = documented == f"filter[{name}]"
    return BareFilters() if is_bare else parameter.Parameter(documented, name)
