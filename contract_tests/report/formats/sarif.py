"""The run record as SARIF 2.1.0: a result for each violation, a rule for each of its statements."""

import hashlib
import json
from typing import Any
from urllib.parse import quote

from contract_tests.report import baseline, wording
from contract_tests.report.location import locate, reachable
from contract_tests.report.records import run_notes

Node = dict[str, Any]
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"fail": "error", "warn": "warning"}


def text(record: Node) -> str:
    return json.dumps(log(record), indent=1)


def log(record: Node) -> Node:
    """Return the SARIF log; each result points at the statement's line in the contract."""
    broken = {violation["requirement"] for violation in record["violations"]}
    shown = [statement for statement in record["requirements"] if statement["id"] in broken]
    rules = {statement["id"]: index for index, statement in enumerate(shown)}
    statements = wording.statements(record)
    run = record["run"]
    driver = {
        "name": "contract-tests",
        "version": run["suite"],
        "rules": [_rule(statement) for statement in shown],
    }
    sent = wording.exchanges(record)
    results = [
        _result(v, statements[v["requirement"]], rules[v["requirement"]], sent)
        for v in record["violations"]
    ]
    properties = {
        "verdict": record["verdict"],
        "summary": record["summary"],
        "contractSha256": run["contract_sha256"],
    }
    one = {
        "tool": {"driver": driver},
        "invocations": [_invocation(record)],
        "results": results,
        "columnKind": "unicodeCodePoints",
        "properties": properties,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [one]}


def _invocation(record: Node) -> Node:
    """Return how the run went; one without a verdict may have missed what is there."""
    run = record["run"]
    errors = [
        {"level": "error", "descriptor": {"id": name}, "message": {"text": reason}}
        for name, _, reason in run_notes.run_errors(record)
    ]
    return {
        "executionSuccessful": not errors,
        "commandLine": run["command"],
        "startTimeUtc": run["started"].replace("+00:00", "Z"),
        **({"toolExecutionNotifications": errors} if errors else {}),
    }


def _rule(statement: Node) -> Node:
    return {
        "id": statement["id"],
        "shortDescription": {"text": statement["words"]},
        "fullDescription": {"text": f"{statement['words']}. {wording.documented(statement)}"},
        "help": {"text": wording.documented(statement)},
        "defaultConfiguration": {"level": _LEVELS[statement["severity"]]},
        "properties": {"evidence": statement["evidence"], "outcome": statement["outcome"]},
    }


def _result(violation: Node, statement: Node, index: int, sent: dict[int, Node]) -> Node:
    evidence = list(wording.evidence(violation, sent))
    message = f"{violation['message']} ({wording.often(violation)})"
    result = {
        "ruleId": statement["id"],
        "ruleIndex": index,
        "level": _LEVELS[violation["severity"]],
        "message": {"text": "\n".join([message, *evidence])},
        "locations": [_place(statement)],
        "partialFingerprints": {"contractTests/v1": _fingerprint(violation)},
        "properties": {
            "law": violation["law"],
            "evidence": evidence,
            "repeat": violation["repeat"],
        },
    }
    if "accepted" in violation:
        reason = str(violation["accepted"]["reason"])
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


def _place(statement: Node) -> Node:
    found = locate(statement["where"])
    place: Node = {"logicalLocations": [{"fullyQualifiedName": statement["where"]}]}
    file = reachable(found)
    if file is not None:
        place["physicalLocation"] = {
            "artifactLocation": {"uri": quote(file)},
            "region": {"startLine": found.line, "startColumn": found.column},
        }
    return place


def _fingerprint(violation: Node) -> str:
    """Return an identifier of a violation that is the same in every run."""
    key = (violation["requirement"], violation["law"], *sorted(baseline.places(violation)))
    return hashlib.sha256("\n".join(key).encode()).hexdigest()[:16]
