"""The run record fits its schema, and shows nothing private."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from contract_tests.client.masking import Mask
from contract_tests.observations.exchange import Exchange, Request
from contract_tests.report import wording
from contract_tests.report.formats import html, junit, sarif, terminal
from contract_tests.report.masking.data_mask import data_mask
from contract_tests.report.records import record as module
from contract_tests.report.records import run_notes
from contract_tests.report.records.record import record, undo_nodes
from contract_tests.report.records.setting import Setting
from contract_tests.writes.undo import UndoResult
from mockserver.contract.operations import Contract
from tests.support.broken import BROKEN
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import TOKENS, run_at, run_options

SCHEMA = yaml.safe_load(Path(module.__file__).with_name("record.schema.yaml").read_text())


def make(fake, folder, **options):
    with Serving(fake) as url:
        outcome = run_at(url, run_options("quick", **options), folder)
        return record(outcome, Setting(url, data_mask(TOKENS.secrets())))


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    class Broken(BROKEN["status_filter_ignored"], BROKEN["search_minds_case"]):  # type: ignore[valid-type, name-defined]  # computed bases
        def __init__(self):
            super().__init__(FakeOptions(extra=True))

    return make(Broken(), tmp_path_factory.mktemp("undo"))


def test_it_fits_its_schema(broken):
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(broken)


def test_a_violation_names_all_that_it_takes_to_repeat_it(broken):
    found = next(v for v in broken["violations"] if v["requirement"] == "list.filter.status")
    shown = "\n".join(terminal.lines(broken))

    assert found["severity"] == "fail"
    assert found["repeat"].startswith("contract-tests")
    assert "--only list.filter.status --seed 0" in found["repeat"]
    assert "page line 16 (stated), listTickets.filter[status]" in shown
    assert "law filters.members: ticket" in shown
    assert "curl -g 'http" in shown
    assert '-H "Authorization: Bearer $CONTRACT_TOKEN"' in shown


def test_failures_stand_before_warnings(broken):
    severities = [violation["severity"] for violation in broken["violations"]]

    assert severities == sorted(severities)
    assert "warn" in severities


def test_strict_turns_warnings_into_failures(tmp_path):
    with Serving(BROKEN["search_minds_case"]()) as url:
        outcome = run_at(url, run_options("quick"), tmp_path)
    mask = data_mask(TOKENS.secrets())

    assert record(outcome, Setting(url, mask))["verdict"] == "conforming"
    assert record(outcome, Setting(url, mask, strict=True))["verdict"] == "violated"


def test_undocumented_fields_are_drift(broken):
    assert {(d["kind"], d["where"], d["name"], d["type"]) for d in broken["drift"]} == {
        ("field", "PageLinks", "object", "string"),
        ("field", "Ticket", "priority", "string"),
        ("field", "TicketDetail", "priority", "string"),
        ("field", "PageLinks", "object", "string"),
    }


def test_undocumented_fields_fail_when_asked_to(tmp_path):
    strict = make(FakeDeployment(FakeOptions(extra=True)), tmp_path, strict_fields=True)

    assert strict["verdict"] == "violated"
    broken = {v["requirement"] for v in strict["violations"] if v["severity"] == "fail"}
    assert wording.sums(strict).broken == len(broken) == 1
    assert f", {len(broken)} violated, 0 warnings, " in list(terminal.lines(strict))[-1]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to ann.b+c@x-y.example.com now", "write to (e-mail masked) now"),
        ("?filter=ann%40example.com", "?filter=(e-mail masked)"),
        ("Bearer 7|secret", "Bearer (token masked)"),
    ],
)
def test_text_is_masked(text, masked):
    assert data_mask(["7|secret"]).text(text) == masked


@pytest.mark.parametrize(
    ("token", "text", "masked"),
    [
        ("other", "other=other; still another status", "{}={}; still another status"),
        ("other", '"other-x", other_y', '"{}-x", {}_y'),
        ("7|a-long-secret", "x7|a-long-secretary", "x{}ary"),
        ("token", "a token", "a {}"),
    ],
)
def test_a_token_is_masked_wherever_it_may_be_one(token, text, masked):
    assert Mask([token]).text(text) == masked.replace("{}", "(token masked)")


def test_a_body_that_is_no_json_is_masked_too():
    cut = b'{"ticket": {"messages": [{"body_html": "<p>My secret \\" words'

    shown = data_mask().raw(cut)
    assert shown.startswith('{"ticket": {"messages": [{"body_html": "<p>')
    assert "My" not in shown
    assert "secret" not in shown


def test_the_summary_names_what_is_violated(planted, healthy):
    broken = list(dict.fromkeys(v["requirement"] for v in planted["violations"]))
    assert planted["summary"] == f"{len(broken)} statements are violated: {', '.join(broken)}."
    assert healthy["summary"] == ""
    assert planted["summary"] in ET.tostring(junit.suites(planted), encoding="unicode")
    assert sarif.log(planted)["runs"][0]["properties"]["summary"] == planted["summary"]


def test_a_report_says_what_remains_of_the_writes(planted):
    tickets = ", ".join(map(str, sorted({entry["ticket"] for entry in planted["undo"]})))
    words = f"What remains on ticket {tickets}: the new entries of the activity log"
    assert words in "\n".join(terminal.lines(planted))
    assert words in html.render(planted, Contract.load().page)
    assert run_notes.remains({"undo": []}) == ""


def test_nothing_remains_of_writes_that_were_all_refused():
    path = "/api/tickets/42/status"
    results = [UndoResult(42, "status", "restored", "open")]
    refused = Exchange(1, Request("PUT", path), 403)
    (node,) = undo_nodes(results, [refused])

    assert node["outcome"] == "unchanged"
    assert run_notes.remains({"undo": [node]}).startswith("Nothing was changed on ticket 42: ")
    for status in (200, 500, None):
        (node,) = undo_nodes(results, [refused, Exchange(2, Request("PUT", path), status)])
        assert node["outcome"] == "restored"
        assert run_notes.remains({"undo": [node]}).startswith("What remains on ticket 42: ")
