"""The report in the terminal: violations first, then what was not observed, then the totals."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import click

from contract_tests.report import baseline, wording
from contract_tests.report.printable import printable_strings
from contract_tests.report.records import run_notes

Node = dict[str, Any]
_SIGNS = {
    "broken": ("VIOLATED", "red"),
    "warned": ("WARNING ", "yellow"),
    "accepted": ("ACCEPTED", "cyan"),
}
_SHOWN = ("number", "status", "curl", "notes", "cut", "stale")


def lines(record: Node) -> Iterator[str]:
    """Yield the lines of the report; no control character of a response is in them."""
    exchanges = [{name: e[name] for name in _SHOWN if name in e} for e in record["exchanges"]]
    record = printable_strings({**record, "exchanges": exchanges})
    yield from _differences(record)
    yield from _violations(record)
    yield from _unobserved(record)
    yield from _drift(record)
    yield from _undo(record)
    yield from _summary(record)


def _differences(record: Node) -> Iterator[str]:
    """Yield the summary, and each difference with what it breaks and what was judged behind it."""
    if not record["differences"]:
        return
    yield click.style(wording.summary_begin(record), bold=True)
    for number, found in enumerate(record["differences"], 1):
        yield f"  {number}. {found['words']}"
        yield f"     {found['change']} in {', '.join(found['where'])}: {found['breaks']}"
        if found["server_words"]:
            times = "once" if found["refusals"] == 1 else f"{found['refusals']} times"
            yield f"     the server says, {times}: {found['server_words']}"
        yield f"     {wording.judged_behind(found)}"
    yield ""


def _violations(record: Node) -> Iterator[str]:
    statements = wording.statements(record)
    sent = wording.exchanges(record)
    for name, violations in wording.by_statement(wording.violations_beside(record)).items():
        statement = statements[name]
        sign, color = _SIGNS[wording.gravest(violations)]
        yield click.style(f"{sign} {name}", fg=color, bold=True)
        yield f"  {statement['words']}"
        yield f"  source: {statement['source']} ({statement['evidence']}), {statement['where']}"
        for violation in violations:
            yield from _violation(violation, sent)
        yield f"  repeat: {violations[0]['repeat']}"
        yield ""
    if words := run_notes.masked_requests(record):
        yield f"Note: {words}"
        yield ""


def _violation(violation: Node, sent: dict[int, Node]) -> Iterator[str]:
    """Yield what one law saw, and the requests that show it."""
    yield f"  law {violation['law']}: {violation['message']}{_how_often(violation)}"
    if "accepted" in violation:
        yield f"  {wording.accepted(violation)}"
    yield from (f"  also seen: {line}" for line in wording.accepted_beside(violation))
    yield from (f"    {line}" for line in wording.evidence(violation, sent))


def _how_often(violation: Node) -> str:
    if violation["judged"] == 1:
        return ""
    return f" ({wording.often(violation)})"


def _unobserved(record: Node) -> Iterator[str]:
    reasons = wording.not_observed(record)
    if reasons:
        count = sum(map(len, reasons.values()))
        yield click.style(f"NOT OBSERVED {count} statements", bold=True)
    for reason, names in reasons.items():
        yield f"  {reason}: {', '.join(names)}"
    if reasons:
        yield ""


def _drift(record: Node) -> Iterator[str]:
    if not record["drift"]:
        return
    yield click.style(f"DRIFT {len(record['drift'])} additions to the contract", bold=True)
    for found in record["drift"][:20]:
        place = f"{found['where']}.{found['name']}"
        yield f"  {found['kind']} {place} ({found['type']}), first in #{found['exchange']}"
    yield ""


def _undo(record: Node) -> Iterator[str]:
    outcomes = Counter(entry["outcome"] for entry in record["undo"])
    if set(outcomes) - {"unchanged"}:
        yield "Writes undone: " + ", ".join(f"{n} {name}" for name, n in sorted(outcomes.items()))
    if record["undo"]:
        yield run_notes.remains(record)
    for entry in record["undo"]:
        if entry["outcome"] == "left alone":
            yield f"  ticket {entry['ticket']}: its {entry['field']} was changed by someone else"


def _summary(record: Node) -> Iterator[str]:
    run, sums = record["run"], wording.sums(record)
    for note in run["notes"]:
        yield f"Note: {note}"
    if run["stopped"] and not run.get("cut_short"):
        yield f"Ended early: {run['stopped']}"
    if run["changed_meanwhile"]:
        yield "Others changed tickets during the run; what they touched was left out."
    yield from run_notes.transport(record)
    yield from _latency(record)
    yield from _baseline(record)
    if record["verdict"] == "inconclusive":
        yield wording.headline(record)
    conforming = record["verdict"] == "conforming"
    duration = f"{wording.plural(run['requests'], 'request')} in {run['seconds']:.1f} s"
    sign = record["verdict"].upper() + run_notes.cut_short(record)
    yield click.style(sign, fg="green" if conforming else "red", bold=True) + (
        f"  {sums.confirmed} confirmed, {sums.differing}, {sums.not_observed} not observed;"
        f" {', '.join(filter(None, (duration, wording.seed(record))))}"
    )


def _latency(record: Node) -> Iterator[str]:
    """Return the line with the median and 95th percentile of each operation."""
    words = (
        f"{name} {each['p50']:.1f} ms and {each['p95']:.1f} ms"
        for name, each in record["latency"].items()
    )
    if record["latency"]:
        yield f"Latency (p50 and p95): {', '.join(words)}"


def _baseline(record: Node) -> Iterator[str]:
    """Yield the entries of the baseline that have expired, are gone or expire soon."""
    for entry, words in baseline.notices(record):
        yield f"Baseline: {entry['requirement']} ({entry['owner']}) {words}: {entry['reason']}"
