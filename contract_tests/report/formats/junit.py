"""The run record as JUnit XML: a test case for each statement, and for what made the run fail."""

from typing import Any
from xml.etree import ElementTree as ET

from contract_tests.report import baseline, wording
from contract_tests.report.records import run_notes

Node = dict[str, Any]
_UNFIT = {code: None for code in range(32) if code not in (9, 10, 13)}
"""Control characters, which XML cannot hold."""


def text(record: Node) -> str:
    return _xml(suites(record))


def error_text(reason: str) -> str:
    """Return the report of a run that has no record, because it could not run."""
    counts = {"tests": "1", "failures": "0", "errors": "1"}
    root = ET.Element("testsuites", {"name": "contract-tests", **counts})
    suite = ET.SubElement(root, "testsuite", {"name": "contract", "skipped": "0"} | counts)
    _error(suite, "run.started", "The run can be carried out", reason)
    return _xml(root)


def _xml(root: ET.Element) -> str:
    ET.indent(root)
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml.decode().translate(_UNFIT)


def suites(record: Node) -> ET.Element:
    """Return the testsuites element; warnings pass, and say so in their output."""
    statements = record["requirements"]
    errors = list(run_notes.run_errors(record))
    failed = {v["requirement"] for v in record["violations"] if v["severity"] == "fail"}
    skipped = sum(s["outcome"] == "not observed" for s in statements)
    counts = {
        "tests": str(len(statements) + len(errors)),
        "failures": str(len(failed)),
        "errors": str(len(errors)),
        "time": f"{record['run']['seconds']:.3f}",
    }
    root = ET.Element("testsuites", {"name": "contract-tests", **counts})
    stamp = record["run"]["started"]
    own = {"name": "contract", "timestamp": stamp, "skipped": str(skipped)}
    suite = ET.SubElement(root, "testsuite", own | counts)
    _properties(suite, record)
    for error in errors:
        _error(suite, *error)
    sent = wording.exchanges(record)
    for statement in statements:
        violations = [v for v in record["violations"] if v["requirement"] == statement["id"]]
        _case(suite, statement, violations, sent)
    lines = [f"{entry['requirement']} {words}" for entry, words in baseline.notices(record)]
    if lines:
        output = ET.SubElement(suite, "system-out")
        output.text = "\n".join(f"baseline: {line}" for line in lines)
    return root


def _properties(suite: ET.Element, record: Node) -> None:
    values = {
        "verdict": record["verdict"],
        "stopped": record["run"]["stopped"],
        "cut_short": record["run"].get("cut_short"),
        "summary": record["summary"],
    }
    properties = ET.SubElement(suite, "properties")
    for name, value in values.items():
        if value:
            ET.SubElement(properties, "property", {"name": name, "value": value})


def _error(suite: ET.Element, name: str, words: str, reason: str) -> None:
    """Add a test case of the run itself that could not come to its result."""
    case = {"classname": "contract.run", "name": f"{name}: {words}"}
    error = ET.SubElement(ET.SubElement(suite, "testcase", case), "error", {"message": reason})
    error.text = reason


def _case(
    suite: ET.Element, statement: Node, violations: list[Node], sent: dict[int, Node]
) -> None:
    group = f"contract.{statement['id'].partition('.')[0]}"
    name = f"{statement['id']}: {statement['words']}"
    case = ET.SubElement(suite, "testcase", {"classname": group, "name": name})
    if statement["outcome"] == "not observed":
        ET.SubElement(case, "skipped", {"message": statement["reason"]})
    failing = [v for v in violations if v["severity"] == "fail"]
    if failing:
        failure = ET.SubElement(case, "failure", {"message": failing[0]["message"]})
        failure.text = "\n".join(_words(statement, violation, sent) for violation in failing)
    passing = [v for v in violations if v["severity"] == "warn"]
    if passing:
        words = (f"{_sign(v)}\n{_words(statement, v, sent)}" for v in passing)
        ET.SubElement(case, "system-out").text = "\n".join(words)


def _sign(violation: Node) -> str:
    return wording.accepted(violation) if "accepted" in violation else "warning:"


def _words(statement: Node, violation: Node, sent: dict[int, Node]) -> str:
    lines = (f"source: {statement['source']}", *wording.violation(violation, sent))
    return "\n".join(lines)
