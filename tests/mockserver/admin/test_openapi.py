"""The admin API's OpenAPI document is valid, implemented, and checked at the start."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis.specs.openapi.checks import positive_data_acceptance

from mockserver.admin import ENDPOINTS
from mockserver.admin.openapi import document
from mockserver.admin.openapi.document import load_document, read_operations
from mockserver.admin.routes import _check_contract
from mockserver.contract.errors import SpecError
from mockserver.testing import MockServer
from tests.support.admin import AdminClient
from tests.support.harness import CLOCK, WORLD_FILE, MakeApp

DOCUMENT = load_document()
_names = itertools.count(1)


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_every_operation_has_an_endpoint_and_a_summary() -> None:
    found = read_operations(DOCUMENT)
    assert {operation.id for operation in found} == set(ENDPOINTS)
    for item in DOCUMENT["paths"].values():
        for method, node in item.items():
            assert method == "parameters" or node["summary"].endswith(".")


def test_an_operation_without_endpoint_or_an_undocumented_endpoint_is_an_error() -> None:
    with pytest.raises(SpecError, match="'flyAway' has no endpoint"):
        _check_contract({*ENDPOINTS, "flyAway"})
    with pytest.raises(SpecError, match="'openWorld' is not documented"):
        _check_contract(set(ENDPOINTS) - {"openWorld"})


def test_two_files_that_say_the_same_stop_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "admin.yaml").write_text("{components: {}, tags: []}")
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("paths: {/x: {}}")
    monkeypatch.setattr(document, "_FOLDER", tmp_path)
    with pytest.raises(SpecError, match="'/x' is already defined in another file"):
        load_document.__wrapped__()  # past its cache


def test_the_document_and_its_reference_are_served(make_app: MakeApp) -> None:
    client = make_app(world=WORLD_FILE).test_client()
    served = client.get("/_mock/openapi.json").json
    assert served["paths"] == DOCUMENT["paths"]
    assert served["servers"][0]["url"] == "http://localhost"
    page = client.get("/_mock/docs/")
    assert page.status_code == 200
    assert "../openapi.json" in page.text


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(world="demo", clock=CLOCK, max_worlds=20) as running:
        yield running


_QUICK = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

UNKNOWABLE = {
    "listExchanges": "which operations there are is for the other document to say",
    "openWorld": "a schema cannot know which locales there are, nor the whole of a world file",
    "importWorld": "a schema cannot know which records refer to each other",
    "receiveTicket": "a schema cannot know which channels, tags and workspaces a world has",
    "answerTicket": "a schema cannot know who works in a world",
    "noteTicket": "a schema cannot know who works in a world",
    "setClock": "a pattern cannot know how many days a month of a year has",
    "addFault": "a schema cannot know the grammar of faults",
    "addFaultToWorld": "a schema cannot know the grammar of faults",
}
"""Operations that may refuse what their schema allows, and why."""


@pytest.fixture(scope="module")
def schema() -> Any:
    return schemathesis.openapi.from_dict(DOCUMENT)


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        opened.trust_env = False  # the variables for proxies need not be read for each request
        yield opened


@schemathesis.pytest.from_fixture("schema").exclude(path_regex="/stream$").parametrize()
@_QUICK
@pytest.mark.long
@pytest.mark.slow
def test_schemathesis_finds_no_failure(
    case: Any, server: MockServer, session: requests.Session
) -> None:
    name = case.path_parameters.get("world")
    if name == "shared":
        name = case.path_parameters["world"] = f"s{next(_names)}"
    if name is not None:  # else most would be 404
        AdminClient(server.app).api(f"jane@{name}").get("/api/tickets?per_page=1")
    excluded = (
        [positive_data_acceptance]
        if case.operation.definition.raw["operationId"] in UNKNOWABLE
        else []
    )
    case.call_and_validate(base_url=server.url, session=session, excluded_checks=excluded)
