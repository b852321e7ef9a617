"""What changed between two runs: statements, violations, drift, and what was compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from contract_tests.report import wording
from contract_tests.report.baseline import place_of

Node = dict[str, Any]
Kind = Literal["worse", "better", "lost", "gained", "drift", "setting"]
TITLES: dict[Kind, str] = {
    "worse": "Broken now",
    "better": "Mended",
    "lost": "Observed no more",
    "gained": "Observed now",
    "drift": "Drift",
    "setting": "Not the same run",
}
_SETTINGS = (
    "base_url", "profile", "seed", "suite", "contract_sha256", "strict", "only", "skip",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One difference; `fails` when it is a violation that fails the newer run."""

    kind: Kind
    words: str
    fails: bool = False


def changes(old: Node, new: Node) -> list[Change]:
    """Return what changed, the gravest first."""
    found = [
        *_violations(old, new),
        *_statements(old, new),
        *_drift(old, new),
        *_settings(old, new),
    ]
    return sorted(found, key=lambda change: list(TITLES).index(change.kind))


def lines(found: list[Change]) -> Iterator[str]:
    """Yield the changes under their titles."""
    for kind, title in TITLES.items():
        own = [change for change in found if change.kind == kind]
        if own:
            yield f"{title} ({len(own)})"
            yield from (f"  {change.words}" for change in own)
            yield ""
    yield "Nothing changed." if not found else wording.plural(len(found), "change")


def _violations(old: Node, new: Node) -> Iterator[Change]:
    before, after = _faults(old), _faults(new)
    outcomes = {s["id"]: s["outcome"] for s in new["requirements"]}
    for key, (violation, message) in after.items():
        if key not in before:
            fails = violation["severity"] == "fail"
            sign = "violated" if fails else "accepted" if "accepted" in violation else "warning"
            yield Change("worse", f"{key[0]}: {message} ({sign})", fails=fails)
    for key, (_, message) in before.items():
        outcome = outcomes.get(key[0])
        if key in after:
            continue
        if outcome in ("confirmed", "violated"):
            yield Change("better", f"{key[0]}: {message}")
        else:
            yield Change("lost", f"{key[0]}, violated before: {message}")


def _faults(record: Node) -> dict[tuple[str, str], tuple[Node, str]]:
    """Return each place where a statement is violated, whichever law saw it first."""
    found: dict[tuple[str, str], tuple[Node, str]] = {}
    for violation in record["violations"]:
        for example in violation["examples"]:
            place = place_of(example["message"])
            found.setdefault((violation["requirement"], place), (violation, example["message"]))
    return found


def _statements(old: Node, new: Node) -> Iterator[Change]:
    before = {s["id"]: s for s in old["requirements"]}
    for statement in new["requirements"]:
        was = before.pop(statement["id"], None)
        then, now = was["outcome"] if was else "not checked", statement["outcome"]
        if now == "not observed" and then == "confirmed":
            yield Change("lost", f"{statement['id']}: {statement['reason']}")
        if now == "confirmed" and then in ("not observed", "not checked"):
            yield Change("gained", f"{statement['id']}: {statement['words']}")
    for statement in before.values():
        if statement["outcome"] == "confirmed":
            yield Change("lost", f"{statement['id']}: not checked in the newer run")


def _drift(old: Node, new: Node) -> Iterator[Change]:
    before, after = ({(a["kind"], wording.place(a)) for a in r["drift"]} for r in (old, new))
    for word, one, other in (("new", after, before), ("gone", before, after)):
        yield from (
            Change("drift", f"{word} {kind} {place}") for kind, place in sorted(one - other)
        )


def _settings(old: Node, new: Node) -> Iterator[Change]:
    for name in _SETTINGS:
        then, now = old["run"][name], new["run"][name]
        if then != now:
            yield Change("setting", f"{name}: {_shown(then)} → {_shown(now)}")


def _shown(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)[:80]
