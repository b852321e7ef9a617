"""The run record as Markdown: what broke first, then what was not observed, then the drift."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract_tests.report import wording

Node = dict[str, Any]
_SIGNS = {"broken": "❌", "warned": "⚠️", "accepted": "🟰", "confirmed": "✅", "not_observed": "▫️"}
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|~!"} | {"\n": " ", "\r": " "})
EXCHANGES = 4
"""How many exchanges of a violation are shown."""


def write(record: Node, path: Path) -> None:
    path.write_text(text(record), encoding="utf-8")


def text(record: Node) -> str:
    parts = (_head, _differences, _violations, _baseline, _unobserved, _drift, _statements, _run)
    return "\n".join(line for part in parts for line in part(record)) + "\n"


def plain(text: str) -> str:
    """Return text that Markdown takes as it stands, in one line."""
    return text.translate(_SPECIAL)


def _head(record: Node) -> Iterator[str]:
    sums = wording.sums(record)
    sign = {"violated": "❌", "conforming": "✅"}.get(record["verdict"], "❔")
    yield f"## {sign} Tickets API contract: {record['verdict']}"
    yield ""
    yield plain(wording.headline(record))
    yield ""
    yield "| violated | warnings | accepted | confirmed | not observed | undocumented |"
    yield "|---:|---:|---:|---:|---:|---:|"
    counts = (sums.broken, sums.warned, sums.accepted, sums.confirmed, sums.not_observed)
    yield f"| {' | '.join(map(str, counts))} | {len(record['drift'])} |"
    yield ""


def _differences(record: Node) -> Iterator[str]:
    if record["differences"]:
        yield f"### {plain(wording.summary_begin(record))}"
        yield ""
    for number, found in enumerate(record["differences"], 1):
        yield f"{number}. **{plain(found['words'])}**  "
        yield f"   {found['change']} in {', '.join(found['where'])}: {plain(found['breaks'])}  "
        if found["server_words"]:
            yield f"   The deployment says: {plain(found['server_words'])}  "
        yield f"   {plain(wording.judged_behind(found))}"
    if record["differences"]:
        yield ""


def _violations(record: Node) -> Iterator[str]:
    statements = {statement["id"]: statement for statement in record["requirements"]}
    sent = {exchange["number"]: exchange for exchange in record["exchanges"]}
    violations = wording.violations_beside(record)
    if violations:
        yield "### Violations"
        yield ""
    for violation in violations:
        yield from _violation(violation, statements[violation["requirement"]], sent)


def _violation(violation: Node, statement: Node, sent: dict[int, Node]) -> Iterator[str]:
    sign = _SIGNS[_mark(violation)]
    yield f"- {sign} **{plain(statement['words'])}**  "
    yield f"  Seen instead: {plain(violation['message'])} ({wording.often(violation)})  "
    evidence = wording.EVIDENCE[statement["evidence"]]
    yield f"  Documented: {plain(statement['source'])} ({evidence}), `{statement['id']}`"
    if "accepted" in violation:
        accepted = violation["accepted"]
        until = f"{plain(str(accepted['owner']))} until {accepted['expires']}"
        yield f"  Accepted by {until}: {plain(str(accepted['reason']))}"
    yield ""
    shown = [sent[number] for number in violation["exchanges"][:EXCHANGES] if number in sent]
    yield from _block([_exchange(exchange) for exchange in shown] + [violation["repeat"]])


def _mark(violation: Node) -> str:
    if "accepted" in violation:
        return "accepted"
    return "broken" if violation["severity"] == "fail" else "warned"


def _exchange(exchange: Node) -> str:
    return f"# {exchange['number']}: {exchange['status'] or 'no answer'}\n{exchange['curl']}"


def _block(lines: list[str]) -> Iterator[str]:
    """Yield a block of code inside a list item; its fence is longer than any within."""
    text = "\n".join(lines)
    fence = "`" * (1 + max([2, *map(len, re.findall("`+", text))]))
    yield f"  {fence}sh"
    yield from (f"  {line}" for line in text.splitlines())
    yield f"  {fence}"
    yield ""


def _baseline(record: Node) -> Iterator[str]:
    titles = {"expired": "Accepted, but expired", "gone": "Accepted, but seen no more"}
    for name, title in titles.items():
        entries = record.get("baseline", {}).get(name, [])
        if entries:
            yield f"### {title}"
            yield ""
            yield from (f"- `{e['requirement']}`: {plain(str(e['reason']))}" for e in entries)
            yield ""


def _unobserved(record: Node) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for statement in record["requirements"]:
        if statement["outcome"] == "not observed":
            reasons.setdefault(statement["reason"], []).append(f"`{statement['id']}`")
    yield from _folded(
        "Not observed (not a pass)",
        [f"- {plain(reason)}: {', '.join(names)}" for reason, names in reasons.items()],
    )


def _drift(record: Node) -> Iterator[str]:
    yield from _folded(
        "Undocumented parts of the answers",
        [f"- {a['kind']} {plain(wording.place(a))} ({a['type']}), first in request {a['exchange']}"
         for a in record["drift"]],
    )  # fmt: skip


def _statements(record: Node) -> Iterator[str]:
    rows = [
        f"| {_SIGNS[wording.mark(record, s)]} | {plain(s['words'])} | {plain(s['source'])} |"
        for _, group in wording.groups(record)
        for s in group
    ]
    yield from _folded("Every statement", ["|  | statement | documented |", "|---|---|---|", *rows])


def _folded(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"<details><summary>{title}</summary>"
        yield ""
        yield from lines
        yield ""
        yield "</details>"
        yield ""


def _run(record: Node) -> Iterator[str]:
    run = record["run"]
    if run["stopped"]:
        yield f"Ended early: {plain(run['stopped'])}"
        yield ""
    yield (
        f"{wording.plural(run['requests'], 'request')} in {run['seconds']:.1f} s, profile"
        f" {run['profile']}, seed {run['seed']}, suite {run['suite']},"
        f" contract `{run['contract_sha256'][:12]}`"
    )
