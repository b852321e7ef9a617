"""Every statement has a law, every law a statement, and every statement a place in the contract."""

from pathlib import Path

import pytest
import yaml

import contract_tests
from contract_tests.laws import LAWS, requirements
from contract_tests.laws.requirements import Requirement
from mockserver.contract import resources

STATEMENTS = requirements.load()
PACKAGE = Path(contract_tests.__file__).parent


def resolve(where):
    name, _, pointer = where.partition("#")
    node = yaml.safe_load((resources.root() / name).read_text(encoding="utf-8"))
    for part in pointer.removeprefix("/").split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        node = node[int(key)] if isinstance(node, list) else node[key]
    return node


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_judged_by_a_law(name):
    assert [law for law in LAWS.values() if name in law.requirements]


@pytest.mark.parametrize("law", LAWS.values(), ids=lambda law: law.name)
def test_a_law_judges_statements(law):
    assert law.requirements
    assert set(law.requirements) <= set(STATEMENTS)


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=lambda s: s.id)
def test_a_statement_has_a_place_in_the_contract(statement):
    assert resolve(statement.where) is not None


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("list.per_page", "per_page"),
        ("list.page.beyond", "page"),
        ("list.sort.created_at", "sort"),
        ("list.filter.status", "filter[status]"),
        ("list.filter.channel_ids", "filter[channel_ids]"),
        ("list.filter.tag_ids", "filter[tag_ids]"),
        ("list.filter.search", "filter[search]"),
        ("list.filter.assigned_to_me", "filter[assigned_to_me]"),
        ("list.filter.unassigned", "filter[unassigned]"),
    ],
)
def test_a_parameters_statement_points_at_that_parameter(name, parameter):
    assert resolve(STATEMENTS[name].where)["name"] == parameter


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
        if file.parent.name == "client":
            continue
        text = file.read_text(encoding="utf-8")
        assert not [client for client in clients if client in text], file.name
