import json

import pytest
import yaml

from contract_tests.observations.schema.drift import additions
from contract_tests.observations.schema.json_schema import faults_of
from contract_tests.report.formats import overlay
from contract_tests.report.records.replay import exchanges
from contract_tests.run.recorded_traffic import judged
from mockserver.contract.operations import Contract


@pytest.fixture
def document(planted, contract):
    return overlay.overlay(planted, contract)


def applied(contract, document):
    """Apply an overlay as any tool would."""
    oas_patch = pytest.importorskip("oas_patch.overlay", reason="applies overlays")
    whole = json.loads(json.dumps(contract.document))
    return Contract(oas_patch.apply_overlay(whole, yaml.safe_load(overlay.as_yaml(document))))


def test_each_addition_is_one_action(document):
    targets = {
        (action["target"], *action["update"]["properties"]) for action in document["actions"]
    }
    assert targets == {
        ("$['components']['schemas']['Contact']", "phone"),
        ("$['components']['schemas']['Ticket']", "priority"),
    }


def test_a_field_seen_with_and_without_value_may_be_null(document):
    properties = [action["update"]["properties"] for action in document["actions"]]
    phone = next(p["phone"] for p in properties if "phone" in p)
    assert phone["type"] == ["string", "null"]


def test_once_applied_the_drift_is_gone_and_the_answers_still_fit(planted, contract, document):
    patched = applied(contract, document)
    history = exchanges(planted)
    assert additions(judged(history, contract).history)
    assert additions(judged(history, patched).history) == []
    page = next(e for e in history if e.request.path == "/api/tickets" and e.status == 200)
    schema = patched.operations["listTickets"].responses[200]
    assert not [path for path, *_ in faults_of(patched, schema, page.document) if "phone" in path]


def test_a_field_of_the_detail_alone_is_not_added_to_the_list(healthy, contract):
    record = json.loads(json.dumps(healthy))
    details = (e for e in record["exchanges"] if e["target"].startswith("/api/tickets/"))
    next(e for e in details if e["status"] == 200)["body"]["ticket"]["notes_count"] = 3
    (action,) = overlay.overlay(record, contract)["actions"]
    assert action["target"] == "$['components']['schemas']['TicketDetail']"
    patched = applied(contract, overlay.overlay(record, contract))
    assert additions(judged(exchanges(record), patched).history) == []


def test_values_and_headers_become_part_of_the_contract(healthy, contract):
    record = json.loads(json.dumps(healthy))
    sent = next(
        e for e in record["exchanges"] if "/api/tickets/" in e["target"] and e["status"] == 200
    )
    sent["headers"].append(["X-Workspace", "7"])
    sent["body"]["ticket"]["messages"][0]["type"] = "call"
    document = overlay.overlay(record, contract)
    assert {a["target"].rpartition("[")[2] for a in document["actions"]} == {"'type']", "'200']"}
    patched = applied(contract, document)
    assert additions(judged(exchanges(record), patched).history) == []


def test_without_drift_there_is_nothing_to_do(healthy, contract):
    assert overlay.overlay(healthy, contract)["actions"] == []
