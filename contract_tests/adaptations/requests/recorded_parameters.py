"""Parameters under other names, as their effect in recorded traffic shows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from contract_tests.adaptations.adaptation import Adaptation, Learnt
from contract_tests.adaptations.requests import effect, parameter
from contract_tests.adaptations.requests.filter_style import BareFilters
from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.ticket import Row


def recorded(exchanges: Iterable[Exchange], known: Mapping[str, str]) -> list[Learnt]:
    """Return the names that had the effect of documented ones, where these had none.

    `known` are the documented names with their default values.
    """
    lists = [e for e in exchanges if (e.request.method, e.request.path) == ("GET", LIST_PATH)]
    rows = {row["id"]: row for exchange in lists for row in effect.rows_of(exchange)}
    names = dict.fromkeys(name for e in lists for name in e.request.parameters if name not in known)
    found: dict[Adaptation, Exchange | None] = {}
    for name in names:
        documented = _meaning(name, known)
        if documented is None:
            continue
        uses = _Uses(documented, known[documented], lists, list(rows.values()))
        effects = uses.effects(name)
        if True in effects and False not in effects and True not in uses.effects(documented):
            adaptation = _adaptation(documented, name)
            found[adaptation] = found.get(adaptation) or uses.failed()
    return list(found.items())


@dataclass(frozen=True)
class _Uses:
    """The lists that were asked for with a parameter, under whatever name."""

    documented: str
    default: str
    lists: list[Exchange]
    rows: list[Row]

    def effects(self, name: str) -> set[bool | None]:
        """Return what the lists show of the effect of a name."""
        return {self._effect(name, exchange) for exchange in self._asked(name)}

    def failed(self) -> Exchange | None:
        """Return the first exchange in which the documented name was refused, or ignored."""
        asked = self._asked(self.documented)
        failed = (
            e for e in asked if e.status in (400, 422) or self._effect(self.documented, e) is False
        )
        return next(failed, None)

    def _asked(self, name: str) -> list[Exchange]:
        """Return the lists with a name whose value is not the default."""
        return [
            e for e in self.lists if e.request.parameters.get(name, self.default) != self.default
        ]

    def _effect(self, name: str, exchange: Exchange) -> bool | None:
        if exchange.status != 200:
            return None
        value = exchange.request.parameters[name]
        return effect.shown(self.documented, value, exchange, self.rows)


def _meaning(name: str, known: Collection[str]) -> str | None:
    """Return the documented parameter that an undocumented name may stand for."""
    if f"filter[{name}]" in known:
        return f"filter[{name}]"
    alike = [documented for documented in known if parameter.mean_the_same(documented, name)]
    return alike[0] if len(alike) == 1 else None


def _adaptation(documented: str, name: str) -> Adaptation:
    is_bare = documented == f"filter[{name}]"
    return BareFilters() if is_bare else parameter.named(documented, name)
