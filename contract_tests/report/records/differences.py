"""The differences of a record: each with what it breaks and what was judged behind it."""

from collections import Counter
from typing import Any

from contract_tests.laws import requirements
from contract_tests.laws.finding import Finding
from contract_tests.observations.history import History
from contract_tests.report.wording import plural
from contract_tests.run.differences import LAW, Difference

Node = dict[str, Any]
Through = dict[str, list[str]]
"""Statement → labels of the differences that everything seen of it went through."""


def through(findings: list[Finding], history: History) -> Through:
    """Return what each judged statement could be judged through alone."""
    labels = {e.number: set(e.through) for e in history.exchanges if e.through}
    found: dict[str, set[str]] = {}
    for finding in findings:
        own = finding.law.partition(".")[0] == LAW
        if own or finding.outcome == "not observed" or not finding.exchanges:
            continue
        used = set().union(*(labels.get(number, set()) for number in finding.exchanges))
        known = found.setdefault(finding.requirement, used)
        found[finding.requirement] = known & used
    return {name: sorted(used) for name, used in found.items()}


def nodes(
    found: list[Difference],
    behind: Through,
    statements: list[Node],
    *,
    strict: bool,
) -> list[Node]:
    """Return the differences as the record holds them, in the order learnt."""
    outcomes = {statement["id"]: statement["outcome"] for statement in statements}
    return [_node(each, behind, outcomes, strict=strict) for each in found]


def _node(found: Difference, behind: Through, outcomes: dict[str, str], *, strict: bool) -> Node:
    adaptation = found.adaptation
    names = {name for name, labels in behind.items() if adaptation.label in labels}
    judged = Counter(outcomes[name] for name in names if name in outcomes)
    severity = requirements.load()[found.requirement].severity(strict=strict)
    return {
        "kind": adaptation.kind,
        "change": adaptation.change,
        "documented": adaptation.documented,
        "actual": adaptation.actual,
        "words": adaptation.words,
        "where": list(found.operations),
        "requirement": found.requirement,
        "severity": severity if found.severe else "drift",
        "breaks": found.breaks,
        "count": found.count,
        "server_words": found.server_words,
        "refusals": found.refusals,
        "exchanges": list(found.exchanges),
        "behind": {
            "statements": sorted(names & set(outcomes)),
            "confirmed": judged["confirmed"],
            "violated": judged["violated"],
        },
    }


def summary(record: Node) -> str:
    """Return one sentence that names the differences, and whether they explain everything.

    Without differences it names the statements that are violated. Those whose violations are all
    accepted are named apart.
    """
    found = record["differences"]
    violations = record["violations"]
    broken = dict.fromkeys(v["requirement"] for v in violations if "accepted" not in v)
    accepted = dict.fromkeys(v["requirement"] for v in violations if v["requirement"] not in broken)
    if not found:
        named = (_named(list(broken), "violated"), _named(list(accepted), "violated and accepted"))
        return " ".join(filter(None, named))
    own = {v["requirement"] for v in violations if v["law"].startswith(f"{LAW}.")}
    others = set(broken) - own
    count = plural(len(found), "difference")
    if others:
        verb = "is" if len(others) == 1 else "are"
        begin = f"{count}, and {plural(len(others), 'further statement')} {verb} violated"
    else:
        what = "everything that is not accepted" if set(accepted) - own else "everything"
        begin = f"{count} {'explains' if len(found) == 1 else 'explain'} {what}"
    return f"{begin}: {'; '.join(each['words'] for each in found)}."


def _named(statements: list[str], outcome: str) -> str:
    verb = "is" if len(statements) == 1 else "are"
    count = plural(len(statements), "statement")
    return f"{count} {verb} {outcome}: {', '.join(statements)}." if statements else ""
