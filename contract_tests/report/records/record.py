"""The run record: all that a report needs, as masked JSON; record.schema.yaml documents it."""

import hashlib
import shlex
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from contract_tests.adaptations import kinds
from contract_tests.laws import requirements
from contract_tests.laws.finding import LAWS, Finding
from contract_tests.laws.requirements import Requirement
from contract_tests.observations.exchange import LIST_PATH, SHORTEST, Exchange
from contract_tests.observations.schema.drift import additions
from contract_tests.report.records import differences
from contract_tests.report.records.differences import Through, through
from contract_tests.report.records.exchange_node import exchange_node
from contract_tests.report.records.latency import latencies
from contract_tests.report.records.setting import Setting
from contract_tests.report.records.verdict import core_not_observed, verdict
from contract_tests.run.options import RECORDED, RunOptions
from contract_tests.run.outcome import Outcome
from contract_tests.writes.undo import UndoResult

Node = dict[str, Any]
FORMAT = 1
SHOWN = 5
"""How many exchanges stand for a statement, and how many examples for a violation."""


def record(outcome: Outcome, setting: Setting) -> Node:
    """Return the record of a run; every string in it is masked."""
    for each in outcome.differences:
        setting.mask.names.update(each.adaptation.own_names)
    # The exchanges come first: what is masked in them is then masked in every sentence too.
    exchanges = [exchange_node(exchange, setting) for exchange in outcome.exchanges]
    behind = through(outcome.findings, outcome.history)
    statements = _statements(outcome, setting, behind)
    violations = _violations(outcome, setting)
    drift = setting.mask.sentences([asdict(found) for found in additions(outcome.history)])
    missing = core_not_observed(
        statements,
        profile=outcome.run_options.profile,
        tickets=any(page.rows for page in outcome.history.pages),
    )
    body: Node = {
        "core_not_observed": missing,
        "run": _run(outcome, setting),
        "requirements": statements,
        "violations": violations,
        "drift": drift,
        "latency": latencies(outcome.exchanges, outcome.contract),
        "undo": undo_nodes(outcome.restored, outcome.exchanges),
        "exchanges": exchanges,
    }
    found = differences.nodes(outcome.differences, behind, statements, strict=setting.strict)
    body["differences"] = setting.mask.sentences(found)
    body["summary"] = differences.summary(body)
    return {"format": FORMAT, "verdict": verdict(body), **body}


def _run(outcome: Outcome, setting: Setting) -> Node:
    budget = Counter(exchange.phase for exchange in outcome.exchanges)
    return {
        "started": datetime.fromtimestamp(outcome.started, UTC).isoformat(timespec="seconds"),
        "seconds": round(outcome.seconds, 3),
        "suite": version("there-there-mock"),
        "contract_sha256": hashlib.sha256(setting.contract.read_bytes()).hexdigest(),
        "base_url": setting.base_url,
        "profile": outcome.run_options.profile,
        "seed": outcome.run_options.seed,
        "strict": setting.strict,
        "strict_fields": outcome.run_options.strict_fields,
        "extension": outcome.run_options.extension,
        "only": list(outcome.run_options.only),
        "skip": list(outcome.run_options.skip),
        "requests": len(outcome.exchanges),
        "requests_by_phase": dict(sorted(budget.items())),
        "stopped": setting.mask.text(outcome.stopped),
        "cut_short": setting.mask.text(outcome.cut_short),
        "cut_off": outcome.cut_off,
        "adaptations": [kinds.written(each) for each in outcome.adaptations],
        "notes": [setting.mask.text(note) for note in outcome.notes],
        "changed_meanwhile": outcome.history.changed_meanwhile,
        "command": shlex.join(setting.command),
    }


def _statements(outcome: Outcome, setting: Setting, behind: Through) -> list[Node]:
    findings: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        findings.setdefault(finding.requirement, []).append(finding)
    wanted = (r for r in requirements.load().values() if _was_wanted(r, outcome))
    return [
        {**_statement(r, findings.get(r.id, []), setting), "through": behind.get(r.id, [])}
        for r in wanted
    ]


def _was_wanted(requirement: Requirement, outcome: Outcome) -> bool:
    keeps = outcome.run_options.keeps
    laws = [law.name for law in LAWS.values() if requirement.id in law.requirements]
    return any(keeps(requirement.id, law) for law in laws)


def _statement(requirement: Requirement, findings: list[Finding], setting: Setting) -> Node:
    outcomes = Counter(finding.outcome for finding in findings)
    shown = (
        "violated" if outcomes["violated"] else "confirmed" if outcomes["holds"] else "not observed"
    )
    reasons = [finding.message for finding in findings if finding.outcome == "not observed"]
    reason = reasons[0] if reasons else "no answer of this run gave occasion"
    evidence = [f.exchanges for f in findings if f.outcome == "holds" and f.exchanges]
    return {
        "id": requirement.id,
        "words": requirement.words,
        "source": requirement.source,
        "evidence": requirement.evidence,
        "where": requirement.where,
        "severity": requirement.severity(strict=setting.strict),
        "outcome": shown,
        "reason": setting.mask.text(reason) if shown == "not observed" else "",
        "laws": sorted(law.name for law in LAWS.values() if requirement.id in law.requirements),
        "confirmed": outcomes["holds"],
        "violated": outcomes["violated"],
        "exchanges": _spread(evidence),
    }


def _spread(evidence: list[tuple[int, ...]]) -> list[int]:
    step = max(1, len(evidence) // SHOWN)
    return sorted({number for numbers in evidence[::step][:SHOWN] for number in numbers})


def _violations(outcome: Outcome, setting: Setting) -> list[Node]:
    """Return one entry for each requirement and law, the gravest requirements first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in outcome.findings:
        if finding.outcome == "violated":
            groups.setdefault((finding.requirement, finding.law), []).append(finding)
    found = [_violation(key, findings, outcome, setting) for key, findings in groups.items()]
    first = list(dict.fromkeys(requirement for requirement, _ in groups))
    return sorted(found, key=lambda v: (v["severity"] != "fail", first.index(v["requirement"])))


def _violation(
    key: tuple[str, str], findings: list[Finding], outcome: Outcome, setting: Setting
) -> Node:
    requirement = requirements.load()[key[0]]
    shrunk = {e.number for e in outcome.exchanges if e.request.purpose == SHORTEST}
    findings = sorted(findings, key=lambda finding: shrunk.isdisjoint(finding.exchanges))
    judged = sum(f.requirement == key[0] and f.law == key[1] for f in outcome.findings)
    return {
        "requirement": key[0],
        "law": key[1],
        "severity": requirement.severity(strict=setting.strict),
        "message": setting.mask.text(findings[0].message),
        "count": len(findings),
        "judged": judged,
        "exchanges": list(findings[0].exchanges),
        "examples": [
            {"message": setting.mask.text(f.message), "exchanges": list(f.exchanges)}
            for f in findings[:SHOWN]
        ],
        "repeat": _repeat(key[0], outcome.run_options, setting),
    }


def undo_nodes(results: Iterable[UndoResult], exchanges: Iterable[Exchange]) -> list[Node]:
    """Return one node for each field written; `unchanged` when every write to it was refused."""
    sent = [e for e in exchanges if e.request.method == "PUT" and not e.client_error]
    carried_out = {exchange.request.path for exchange in sent}
    nodes = [asdict(result) for result in results]
    for node in nodes:
        path = f"{LIST_PATH}/{node['ticket']}/{node['field']}"
        if node["outcome"] == "restored" and path not in carried_out:
            node["outcome"] = "unchanged"
    return nodes


def _repeat(requirement: str, run_options: RunOptions, setting: Setting) -> str:
    """Return the command that looks for a violation again."""
    recorded = run_options.profile == RECORDED
    seed = [] if recorded else ["--seed", str(run_options.seed)]
    return shlex.join([*(setting.repeat or setting.command), "--only", requirement, *seed])
