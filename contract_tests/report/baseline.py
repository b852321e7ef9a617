"""The baseline: a YAML file of known violations, each accepted until a date."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import yaml

from contract_tests.laws import requirements
from contract_tests.laws.finding import LAWS
from contract_tests.report.files import read_text, write_text
from contract_tests.report.masking.data_mask import PLACEHOLDER
from contract_tests.report.masking.shape import SHAPE
from contract_tests.report.records.differences import summary
from contract_tests.report.records.verdict import verdict

Node = dict[str, Any]
TERM = timedelta(days=90)
"""How long an entry holds that --update-baseline writes."""
WARNING = timedelta(days=14)
"""How long before its last day an entry is announced."""
TO_FILL_IN = "to be filled in"
_HEAD = """\
# Violations that are known and accepted for a time. An entry needs a reason and an owner; after
# the day it expires the violation fails again. --update-baseline adds and removes entries.
"""
_FIELDS = ("requirement", "law", "place", "reason", "owner", "expires")
_VARYING = re.compile(r"\d[\d:.T+-]*")
_OWN_VALUE = re.compile(r" \(it has [^()]*\)$")


@dataclass(frozen=True)
class Entry:
    """One accepted violation; `place` says which of a law's findings it means."""

    requirement: str
    law: str
    place: str
    reason: str
    owner: str
    expires: date

    @property
    def key(self) -> tuple[str, str, str]:
        return self.requirement, self.law, self.place


def places(violation: Node) -> set[str]:
    """Return the messages of a violation without the parts that vary from run to run."""
    return {place_of(example["message"]) for example in violation["examples"]}


def place_of(message: str) -> str:
    """Return a message with indexes, ids, times and masked texts replaced by an asterisk.

    What one ticket has in place of a filter's value is left out: another ticket has another one.
    """
    return _VARYING.sub("*", PLACEHOLDER.sub("*", SHAPE.sub("", _OWN_VALUE.sub("", message))))


def read(path: Path, *, drafts: bool = False) -> list[Entry]:
    """Return the entries of a file; raises UsageError, also for a draft unless `drafts`."""
    where = f"--baseline {path}"
    try:
        content = yaml.safe_load(read_text(path, "--baseline"))
    except yaml.YAMLError as error:
        raise click.UsageError(f"{where}: not YAML: {' '.join(str(error).split())}") from None
    if content is None:
        return []
    if not isinstance(content, list):
        raise click.UsageError(f"{where}: expected a list of entries")
    return [_entry(node, f"{where}, entry {n}", drafts=drafts) for n, node in enumerate(content, 1)]


def _entry(node: Any, where: str, *, drafts: bool) -> Entry:
    if not isinstance(node, dict) or set(node) != set(_FIELDS):
        raise click.UsageError(f"{where}: expected just the keys {', '.join(_FIELDS)}")
    if node["requirement"] not in requirements.load():
        raise click.UsageError(f"{where}: {node['requirement']!r} is not a known requirement")
    if node["law"] not in LAWS:
        raise click.UsageError(f"{where}: {node['law']!r} is not a known law")
    if type(node["expires"]) is not date:
        raise click.UsageError(f"{where}: expires is a day, as 2027-01-31")
    for name in ("reason", "owner"):
        text = node[name]
        if not isinstance(text, str) or not text.strip():
            raise click.UsageError(f"{where}: say the {name} in words")
        if text == TO_FILL_IN and not drafts:
            raise click.UsageError(f"{where}: fill in its reason and owner")
    return Entry(**{**node, "place": str(node["place"])})


def apply(record: Node, entries: Iterable[Entry], today: date) -> Node:
    """Return the record with accepted violations marked, which no longer fail the run.

    A violation is accepted when an entry that has not expired names each of its places.
    """
    entries = list(entries)
    valid = {entry.key: entry for entry in entries if entry.expires >= today}
    violations = [_accept(violation, valid) for violation in record["violations"]]
    violated = {key for violation in record["violations"] for key in _keys(violation)}
    known = {statement["id"] for statement in record["requirements"]}
    judged = [entry for entry in entries if entry.requirement in known]
    ordered = sorted(violations, key=lambda violation: violation["severity"] != "fail")
    record = {**record, "violations": ordered}
    return {
        **record,
        "verdict": verdict(record),
        "summary": summary(record),
        "baseline": {
            "expired": [_shown(e) for e in judged if e.expires < today and e.key in violated],
            "gone": [_shown(e) for e in judged if e.key not in violated and _observed(record, e)],
            "expiring": [
                _shown(entry)
                for entry in judged
                if entry.key in violated and today <= entry.expires < today + WARNING
            ],
        },
    }


def notices(record: Node) -> Iterator[tuple[Node, str]]:
    """Yield the entries that have expired, are gone or expire soon, each with what it is.

    Of entries of one statement that differ in law and place alone, the first stands for all.
    """
    found = record.get("baseline", {})
    words = {
        "expired": "expired on {expires} and is violated still",
        "gone": "is no longer violated and can be removed (--update-baseline)",
        "expiring": "expires on {expires}",
    }
    for name, text in words.items():
        names = ("requirement", "owner", "reason", "expires")
        alike = {tuple(entry[n] for n in names): entry for entry in reversed(found.get(name, ()))}
        yield from ((each, text.format(**each)) for each in reversed(alike.values()))


def updated(record: Node, entries: Iterable[Entry], today: date) -> list[Entry]:
    """Return the entries that are still needed, and a new one for each other violation."""
    entries = list(entries)
    violated = {key: None for violation in record["violations"] for key in _keys(violation)}
    kept = [e for e in entries if e.key in violated or not _observed(record, e)]
    known = {entry.key for entry in entries}
    fresh = (key for key in violated if key not in known)
    return kept + [Entry(*key, TO_FILL_IN, TO_FILL_IN, today + TERM) for key in fresh]


def write(entries: Iterable[Entry], path: Path) -> None:
    """Write a baseline; raises OSError."""
    nodes = [asdict(entry) for entry in entries]
    text = yaml.safe_dump(nodes, sort_keys=False, allow_unicode=True, width=100) if nodes else ""
    write_text(path, _HEAD + text)


def _keys(violation: Node) -> Iterator[tuple[str, str, str]]:
    for place in sorted(places(violation)):
        yield violation["requirement"], violation["law"], place


def _accept(violation: Node, valid: dict[tuple[str, str, str], Entry]) -> Node:
    """Return a violation marked as accepted, or with an example first that no entry accepts."""
    known, others, entries = [], [], []
    for example in violation["examples"]:
        place = place_of(example["message"])
        entry = valid.get((violation["requirement"], violation["law"], place))
        if entry is None:
            others.append(example)
        else:
            entries.append(entry)
            known.append({**example, "accepted": _shown(entry)})
    if not known:
        return violation
    found = {**violation, "examples": [*others, *known]}
    if others:
        return {**found, **{name: others[0][name] for name in ("message", "exchanges")}}
    first = min(entries, key=lambda entry: entry.expires)
    return {**found, "severity": "warn", "accepted": _shown(first)}


def _shown(entry: Entry) -> Node:
    return {**asdict(entry), "expires": entry.expires.isoformat()}


def _observed(record: Node, entry: Entry) -> bool:
    """True when the run could have seen the violation again."""
    outcomes = {s["id"]: s["outcome"] for s in record["requirements"]}
    return outcomes.get(entry.requirement) in ("confirmed", "violated")
