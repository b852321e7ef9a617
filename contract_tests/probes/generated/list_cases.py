"""Generated list requests: Hypothesis combines values seen, and shrinks what shows a violation.

Each answer is judged at once as if no ticket had changed since the last walk over the list. That
judgment chooses the next request only; what the run reports is judged at its end, with a walk that
follows.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from contract_tests.client.budget import Exhausted
from contract_tests.laws import LAWS
from contract_tests.laws.finding import Finding, Law
from contract_tests.observations.exchange import LIST_PATH, SHORTEST, Exchange, Request
from contract_tests.observations.history import History
from contract_tests.observations.walks import Walk
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.generated.list_queries import Pairs, Values, queries
from contract_tests.writes.hypothesis_constants import no_local_constants

EXAMPLES = 100
"""Combinations that are drawn, shrinking apart."""
MOST = 250
"""Requests for drawing and shrinking together."""
_LATER = 10**9
"""The number of an exchange that is judged, above those of the run."""
_TOPICS = ("acceptance", "filters", "pagination", "search", "sort")


class Violation(AssertionError):
    """A list that breaks a statement."""


def read(explorer: Explorer, number: int) -> None:
    """Send combinations of filters, sorts and pages, and the whole list at the end."""
    walk = explorer.history.walks[-1] if explorer.history.walks else None
    if walk is None or not walk.whole or not explorer.history.observations:
        return
    values = Values.of(explorer)
    trial = _Trial(explorer, _Judge(explorer.history, walk))
    with explorer.target.phase("generated"):
        try:
            _draw(trial, values, number)
            if trial.broken:
                shortest = min(trial.broken, key=_length)
                explorer.ask(Request("GET", LIST_PATH, shortest, purpose=SHORTEST))
            explorer.walk("-created_at")
        except Exhausted:
            return


def _draw(trial: "_Trial", values: Values, number: int) -> None:
    """Let Hypothesis choose; it gives up when equal requests are judged differently."""

    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(queries(values))
    def check(pairs: Pairs) -> None:
        if trial.breaks(pairs):
            raise Violation

    # What was sent is in the history, where the laws find the violation.
    with no_local_constants(), suppress(Violation):
        check()


@dataclass
class _Trial:
    """Sends each query once: a deployment that answers now so, now so cannot upset Hypothesis."""

    explorer: Explorer
    judge: "_Judge"
    sent: dict[Pairs, bool] = field(default_factory=dict)
    """Whether a query showed a violation."""

    def breaks(self, pairs: Pairs) -> bool:
        if pairs not in self.sent:
            if len(self.sent) >= MOST or not self.explorer.target.budget.allows():
                return False
            exchange = self.explorer.ask(Request("GET", LIST_PATH, pairs, purpose="generated"))
            self.sent[pairs] = self.judge.finds_fault(exchange)
        return self.sent[pairs]

    @property
    def broken(self) -> list[Pairs]:
        return [pairs for pairs, broken in self.sent.items() if broken]


def _length(pairs: Pairs) -> tuple[int, int]:
    return len(pairs), sum(len(name) + len(value) for name, value in pairs)


class _Judge:
    """Judges a list by what was known before it, and seen after it if nothing had changed."""

    def __init__(self, history: History, walk: Walk) -> None:
        walked = [p.exchange for p in history.pages if walk.first <= p.number <= walk.last]
        mine = [p.exchange for p in history.pages if p.query.plain and p.asks_assigned_to_me]
        details = [detail.exchange for detail in history.details]
        before = {e.number: e for e in (*walked, *mine[:1], *details)}
        after = [replace(e, number=_LATER + n) for n, e in enumerate(walked, start=1)]
        self._known = History(history.contract, others=history.others)
        for exchange in (*(before[number] for number in sorted(before)), *after):
            self._known.add(exchange)
        self._known.walks.append(Walk(after[0].number, after[-1].number, whole=True))
        # These pages have been judged; one of mine tells who asks.
        self._known.pages = [p for p in self._known.pages if p.asks_assigned_to_me]
        self._changing = history.changed_meanwhile

    def finds_fault(self, exchange: Exchange) -> bool:
        """Return whether an answer seems to break a statement on lists.

        Where others are at work, tickets may have changed, and nothing is said.
        """
        if self._changing:
            return False
        history = self._known.with_exchange(replace(exchange, number=_LATER))
        laws = (law for law in LAWS.values() if law.topic in _TOPICS)
        return any(_breaks(finding) for law in laws for finding in _findings(law, history))


def _findings(law: Law, history: History) -> list[Finding]:
    try:
        return list(law.judge(history))
    except (TypeError, KeyError, AttributeError, ValueError, StopIteration):
        return []  # an answer that no law can read breaks its shape, which is judged too


def _breaks(finding: Finding) -> bool:
    return finding.outcome == "violated" and _LATER in finding.exchanges
