"""The overlay of a run makes the differences part of the contract, and the deployment conforms."""

import json

import pytest
import yaml
from click.testing import CliRunner

from contract_tests.adaptations import contract_patch
from contract_tests.adaptations.requests.base_path import BasePath
from contract_tests.cli.command_group import main
from contract_tests.report.formats import overlay
from mockserver.contract.operations import Contract
from tests.contract_tests.adaptations.test_drift import checked
from tests.support.drift import DRIFTS, drifting

DRIFT = DRIFTS["all"]


def patched(record):
    oas_patch = pytest.importorskip("oas_patch.overlay", reason="applies overlays")
    whole = json.loads(json.dumps(Contract.load().page.document))
    document = overlay.overlay(record, Contract.load().page)
    return oas_patch.apply_overlay(whole, yaml.safe_load(overlay.as_yaml(document)))


def check(url, folder, *options):
    command = ["--base-url", url, "--token", "jane", "--write-tickets", "any"]
    command += ["--header", f"{DRIFT.header}: acme-7"]
    environment = {"XDG_STATE_HOME": str(folder)}
    return CliRunner().invoke(main, [*command, *options], env=environment)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return the record of a run against a deployment with every difference."""
    return checked(DRIFT, tmp_path_factory.mktemp("undo"))[0]


@pytest.mark.slow
def test_with_the_patched_contract_the_deployment_conforms(found, tmp_path):
    contract = tmp_path / "patched.yaml"
    contract.write_text(yaml.safe_dump(patched(found)))

    with drifting(DRIFT) as served:
        before = served.tickets()
        done = check(served.url, tmp_path, "--contract", str(contract))
        after = served.tickets()

    assert done.exit_code == 0, done.output[-2000:]
    assert "VIOLATED" not in done.output
    assert after == before


@pytest.mark.slow
def test_a_patched_contract_reads_back_as_the_documented_one(found):
    without_drift = {**found, "exchanges": []}
    document, agreed = contract_patch.restored(patched(without_drift))

    assert document == Contract.load().page.document
    assert {(each.documented, each.actual) for each in agreed} == {
        (difference["documented"], difference["actual"]) for difference in found["differences"]
    }


def test_what_a_deployment_sends_beyond_the_contract_is_added_where_its_operations_stand():
    document = Contract.load().page.document
    place = ("paths", "/api/tickets", "get", "responses", "200")

    below = [BasePath("/api", "/api/v2")]
    assert contract_patch.moved(place, below, document) == ("paths", "/api/v2/tickets", *place[2:])
    assert contract_patch.moved(("components", "schemas"), below, document)[0] == "components"
