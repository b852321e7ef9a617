"""The wording shared by the reports: verdict, sums, groups and evidence of a record."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests.run.options import RECORDED

Node = dict[str, Any]
EVIDENCE = {
    "stated": "stated on the page",
    "shown": "shown in an example of the page",
    "vendor": "said by the vendor elsewhere",
    "inferred": "inferred, not documented by the vendor",
}
SHOWN = 6
"""How many exchanges of a violation are shown where they stand as commands."""
_GROUPS = {
    "list": "List Tickets",
    "ticket": "The fields of a ticket",
    "detail": "Get Ticket",
    "status": "Update Ticket Status",
    "assignee": "Update Ticket Assignee",
    "update": "Both updates",
    "access": "Who may see and change what",
    "answer": "Every answer",
    "method": "Methods",
    "extension": "Beyond the page",
}
"""The documented page's sections in its order; what holds for the whole API comes last."""


@dataclass(frozen=True)
class Sums:
    """How many statements are broken, warned of, accepted, confirmed and not observed."""

    broken: int
    warned: int
    accepted: int
    confirmed: int
    not_observed: int

    @property
    def observed(self) -> int:
        return self.broken + self.warned + self.accepted + self.confirmed

    @property
    def all(self) -> int:
        return self.observed + self.not_observed

    @property
    def differing(self) -> str:
        """What differs, in the words of every report: violated, warnings and accepted."""
        accepted = f", {self.accepted} accepted" if self.accepted else ""
        return f"{self.broken} violated, {plural(self.warned, 'warning')}{accepted}"


def mark(record: Node, statement: Node) -> str:
    """Return broken, warned, accepted, confirmed or not_observed."""
    if statement["outcome"] != "violated":
        return "confirmed" if statement["outcome"] == "confirmed" else "not_observed"
    return gravest([v for v in record["violations"] if v["requirement"] == statement["id"]])


def gravest(violations: list[Node]) -> str:
    """Return how the violations of one statement count: broken, warned or accepted."""
    if any(violation["severity"] == "fail" for violation in violations):
        return "broken"
    accepted = violations and all("accepted" in violation for violation in violations)
    return "accepted" if accepted else "warned"


def sums(record: Node) -> Sums:
    counts = Counter(mark(record, statement) for statement in record["requirements"])
    names = ("broken", "warned", "accepted", "confirmed", "not_observed")
    return Sums(*(counts[name] for name in names))


def groups(record: Node) -> Iterator[tuple[str, list[Node]]]:
    """Yield the sections of the documented page, each with its statements in order."""
    found: dict[str, list[Node]] = {}
    for statement in record["requirements"]:
        found.setdefault(statement["id"].partition(".")[0], []).append(statement)
    for name in sorted(found, key=lambda name: [*_GROUPS, name].index(name)):
        yield _GROUPS.get(name, name.capitalize()), found[name]


def not_observed(record: Node) -> dict[str, list[str]]:
    """Return the reasons why statements were not observed, each with the ids of these."""
    reasons: dict[str, list[str]] = {}
    for statement in record["requirements"]:
        if statement["outcome"] == "not observed":
            reasons.setdefault(statement["reason"], []).append(statement["id"])
    return reasons


def headline(record: Node) -> str:
    """Return the verdict as one sentence that needs no other."""
    count, address = sums(record), record["run"]["base_url"]
    if record["verdict"] == "violated":
        return f"{address} breaks {count.broken} of the {count.observed} statements observed."
    if record["verdict"] == "inconclusive":
        names = record["core_not_observed"]
        if record["run"]["cut_off"] and not names:
            return f"{address} ended the run before a verdict: {record['run']['stopped']}."
        missing = ", ".join(names) if len(names) < 4 else plural(len(names), "statement")
        return f"Too little was observed at {address} for a verdict. Not observed: {missing}."
    if record["verdict"] == "interrupted":
        return f"The run against {address} was interrupted before a verdict."
    if count.confirmed == count.observed:
        return f"{address} keeps all {count.confirmed} statements that could be observed."
    keeps = f"{address} keeps {count.confirmed} of the {count.observed} statements observed"
    return f"{keeps}, and nothing fails the check: {count.differing}."


def seed(record: Node) -> str:
    """Return the seed in words; empty for recorded traffic, which nothing was drawn for."""
    run = record["run"]
    return "" if run["profile"] == RECORDED else f"seed {run['seed']}"


def summary_begin(record: Node) -> str:
    """Return how many differences there are, and whether they explain everything."""
    return str(record["summary"]).partition(":")[0]


def judged_behind(difference: Node) -> str:
    """Return what was judged through an adaptation to a difference, and how often it was met."""
    behind = difference["behind"]
    return (
        f"met in {plural(difference['count'], 'request')}; judged through an adaptation to it: "
        f"{behind['confirmed']} confirmed, {behind['violated']} violated"
    )


def violations_beside(record: Node) -> list[Node]:
    """Return the violations that are not themselves a difference, which is named on top."""
    return [v for v in record["violations"] if not v["law"].startswith("differences.")]


def by_statement(violations: list[Node]) -> dict[str, list[Node]]:
    """Return each statement with its violations, one for each law that saw one."""
    found: dict[str, list[Node]] = {}
    for violation in violations:
        found.setdefault(violation["requirement"], []).append(violation)
    return found


def value(found: Any) -> str:
    """Return a value of a field as JSON writes it; a text without its quotes."""
    return found if isinstance(found, str) else json.dumps(found)


def documented(statement: Node) -> str:
    """Return where a statement is documented, and how explicitly."""
    return f"Documented: {statement['source']} ({EVIDENCE[statement['evidence']]})"


def accepted(violation: Node) -> str:
    """Return who accepts a violation, until when, and why."""
    entry = violation["accepted"]
    return f"accepted by {entry['owner']} until {entry['expires']}: {entry['reason']}"


def accepted_beside(violation: Node) -> Iterator[str]:
    """Yield the examples that the baseline accepts of a violation that it does not accept."""
    if "accepted" not in violation:
        for example in violation["examples"]:
            if "accepted" in example:
                yield f"{example['message']} ({accepted(example)})"


def evidence(violation: Node, sent: dict[int, Node]) -> Iterator[str]:
    """Yield the requests that show a violation, each with the status of its answer."""
    for number in violation["exchanges"][:SHOWN]:
        exchange = sent[number]
        yield f"#{number} {exchange['status'] or 'no answer'}  {exchange['curl']}"
    if len(violation["exchanges"]) > SHOWN:
        yield f"and {len(violation['exchanges']) - SHOWN} more"


def violation(found: Node, sent: dict[int, Node]) -> Iterator[str]:
    """Yield what a law saw, the requests that show it, and the command that repeats it."""
    yield f"law {found['law']}: {found['message']}"
    yield from (f"  {line}" for line in evidence(found, sent))
    yield f"repeat: {found['repeat']}"


def exchanges(record: Node) -> dict[int, Node]:
    """Return the exchanges of a record by their numbers."""
    return {exchange["number"]: exchange for exchange in record["exchanges"]}


def statements(record: Node) -> dict[str, Node]:
    """Return the statements of a record by their ids."""
    return {statement["id"]: statement for statement in record["requirements"]}


def often(violation: Node) -> str:
    """Return in how many of the cases that a law checked it saw the fault."""
    count, judged = violation["count"], violation["judged"]
    if judged == 1:
        return "in the one case that was checked"
    if count == judged:
        return f"in all {judged} cases that were checked"
    return f"in {count} of the {judged} cases that were checked"


def origins(record: Node) -> str:
    """Return how many statements are of the page, of other documents, and inferred."""
    counts = Counter(statement["evidence"] for statement in record["requirements"])
    found = {
        "of the vendor's page": counts["stated"] + counts["shown"],
        "of its other documents": counts["vendor"],
        "inferred": counts["inferred"],
    }
    return ", ".join(f"{count} {words}" for words, count in found.items() if count)


def place(addition: Node) -> str:
    """Return the place of a drift as one name."""
    joint = " " if addition["kind"] == "header" else "=" if addition["kind"] == "value" else "."
    return f"{addition['where']}{joint}{addition['name']}"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
