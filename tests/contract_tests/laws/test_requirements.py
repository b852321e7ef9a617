"""The weight of a violation, and who may send requests."""

from pathlib import Path

import contract_tests
from contract_tests.laws.requirements import Requirement

PACKAGE = Path(contract_tests.__file__).parent


def test_evidence_decides_what_a_violation_weighs():
    def severity(evidence, *, always=False, strict=False):
        statement = Requirement("x", "words", "source", evidence, "where", always)
        return statement.severity(strict=strict)

    assert [severity(e) for e in ("stated", "shown", "vendor", "inferred")] == [
        "fail",
        "fail",
        "warn",
        "warn",
    ]
    assert severity("inferred", always=True) == "fail"
    assert severity("vendor", strict=True) == "fail"


def test_only_the_client_can_send_requests():
    clients = (
        "import http.client",
        "urllib.request.urlopen",
        "import socket",
        "import httpx",
        "requests.get(",
    )
    for file in PACKAGE.rglob("*.py"):
        if file.is_relative_to(PACKAGE / "client"):
            continue
        text = file.read_text(encoding="utf-8")
        assert not [client for client in clients if client in text], file.name
