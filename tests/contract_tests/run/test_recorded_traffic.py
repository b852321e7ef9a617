import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contract_tests.observations.exchange import get
from contract_tests.recordings import har
from contract_tests.report.formats import html, markdown, terminal
from contract_tests.report.masking.data_mask import data_mask
from contract_tests.report.records.record import record
from contract_tests.report.records.setting import Setting
from contract_tests.run.recorded_traffic import SPAN, judged, walks
from mockserver.contract.operations import Contract
from tests.contract_tests.conftest import TOKEN, Planted, observe
from tests.support.fake_deployment import FakeDeployment

HOST = "https://helpdesk.example"
ACCEPT = {"name": "Accept", "value": "application/json"}
MIDNIGHT = datetime(2026, 5, 1, tzinfo=UTC)


def entry(node: dict[str, Any], second: float = 0, **more: Any) -> dict[str, Any]:
    """Return the HAR entry of an exchange of a record."""
    headers = [ACCEPT]
    if node["token"] == "main":
        headers += [{"name": "authorization", "value": f"Bearer {TOKEN}"}]
    request = {"method": node["method"], "url": HOST + node["target"], "headers": headers}
    if node["request_body"] is not None:
        request["postData"] = {"mimeType": "application/json", "text": node["request_body"]}
    text = node["body"] if isinstance(node["body"], str) else json.dumps(node["body"])
    return {
        "startedDateTime": (MIDNIGHT + timedelta(seconds=second)).isoformat(),
        "time": 5,
        "request": request,
        "response": {
            "status": node["status"],
            "headers": [{"name": n, "value": v} for n, v in node["headers"]]
            + [{"name": "Set-Cookie", "value": "session=s3ss10n"}],
            "content": {"size": len(text), "mimeType": "application/json", "text": text},
        },
    } | more  # fmt: skip


def document(record, pace: float = 0.1) -> dict[str, Any]:
    sent = [e for e in record["exchanges"] if e["token"] in ("main", "none")]
    return {"log": {"version": "1.2", "entries": [entry(e, n * pace) for n, e in enumerate(sent)]}}


@pytest.fixture(scope="module")
def bare_planted(tmp_path_factory):
    return observe(Planted(), tmp_path_factory.mktemp("undo"), show_data=True)


@pytest.fixture(scope="module")
def bare_healthy(tmp_path_factory):
    return observe(FakeDeployment(), tmp_path_factory.mktemp("undo"), show_data=True)


def verdict(har_document, contract):
    traffic = har.read(har_document)
    outcome = judged(traffic.exchanges, contract)
    setting = Setting(
        traffic.base_url,
        data_mask(traffic.secrets),
        command=("contract-tests", "watch"),
        repeat=("contract-tests", "--base-url", HOST),
    )
    return record(outcome, setting)


def violated(record):
    return {v["requirement"] for v in record["violations"]}


def test_healthy_traffic_conforms_and_confirms_much(bare_healthy, contract):
    body = verdict(document(bare_healthy), contract)
    assert violated(body) == set()
    assert sum(s["outcome"] == "confirmed" for s in body["requirements"]) > 50


@pytest.mark.slow
def test_planted_faults_are_found_in_traffic_alone(bare_planted, contract):
    body = verdict(document(bare_planted), contract)
    assert {"list.filter.unassigned", "ticket.created_at", "status.stored"} <= violated(body)
    first = body["violations"][0]
    again = f"contract-tests --base-url {HOST} --only {first['requirement']}"
    assert first["repeat"] == again


def test_steps_far_apart_accuse_nobody(bare_planted, contract):
    slow = verdict(document(bare_planted, pace=SPAN + 1), contract)
    assert "status.stored" not in violated(slow)
    assert "ticket.created_at" in violated(slow)


@pytest.mark.slow
def test_tokens_and_cookies_of_the_recording_are_kept_out(bare_healthy, contract):
    text = json.dumps(verdict(document(bare_healthy), contract))
    assert [secret for secret in (TOKEN, "s3ss10n") if secret in text] == []


def test_an_anonymous_answer_among_authorized_ones_is_a_violation(bare_healthy, contract):
    traffic = document(bare_healthy)
    first = traffic["log"]["entries"][0]
    leak = {**first, "request": {**first["request"], "headers": [ACCEPT]}}
    traffic["log"]["entries"].append(leak)
    assert "access.required" in violated(verdict(traffic, contract))


def test_a_second_users_requests_are_left_out(bare_healthy):
    traffic = document(bare_healthy)
    first = traffic["log"]["entries"][0]
    other = [{"name": "Authorization", "value": "Bearer somebody"}]
    traffic["log"]["entries"].append({**first, "request": {**first["request"], "headers": other}})
    found = har.read(traffic)
    assert found.left_out["of another user"] == 1
    assert "somebody" in found.secrets


def test_other_hosts_and_pages_are_no_part_of_it(bare_healthy):
    traffic = document(bare_healthy)
    count = len(har.read(traffic).exchanges)
    stray = entry({**bare_healthy["exchanges"][0], "target": "/login"})
    elsewhere = entry(bare_healthy["exchanges"][0])
    elsewhere["request"]["url"] = "https://other.example/api/tickets"
    traffic["log"]["entries"] += [stray, elsewhere]
    assert len(har.read(traffic).exchanges) == count
    assert len(har.read(traffic, "https://other.example").exchanges) == 1


def test_a_walk_over_the_whole_list_is_recognized(bare_healthy, contract):
    pages = judged(har.read(document(bare_healthy)).exchanges, contract).history.pages
    first = next(p for p in pages if p.query.page == 1 and not p.query.filters and p.total > 100)
    found = walks(pages)
    assert found
    assert all(walk.whole for walk in found)
    assert walks([first]) == []


def test_a_page_skipped_is_no_walk(contract):
    from dataclasses import replace

    from contract_tests.observations.exchange import Exchange

    def page(number):
        rows = [{"id": number * 10 + n} for n in range(10)]
        meta = {"current_page": number, "last_page": 3, "per_page": 10, "total": 30}
        body = json.dumps({"data": rows, "meta": meta, "links": {}}).encode()
        request = get("/api/tickets", {"per_page": 10, "page": number})
        return Exchange(number, request, 200, (("Content-Type", "application/json"),), body)

    def found(*numbers):
        exchanges = [replace(page(n), number=i) for i, n in enumerate(numbers, 1)]
        return judged(exchanges, contract).history.walks

    assert [(w.first, w.last) for w in found(1, 2, 3)] == [(1, 3)]
    assert found(1, 3) == []
    assert found(2, 3) == []


def test_a_report_of_recorded_traffic_speaks_of_no_budget_option_or_seed(bare_healthy, contract):
    lists = [e for e in bare_healthy["exchanges"] if e["target"].startswith("/api/tickets?")]
    traffic = har.read({"log": {"version": "1.2", "entries": [entry(e) for e in lists[:3]]}})
    outcome = judged(traffic.exchanges, contract)
    body = record(outcome, Setting(HOST, data_mask()))
    reasons = {s["id"]: s["reason"] for s in body["requirements"]}

    assert reasons["method.unknown"] == "not tried in this traffic"
    assert reasons["access.forbidden"] == "no read-only token is in this traffic"
    printed = "\n".join(terminal.lines(body))
    texts = (printed, markdown.text(body), html.render(body, Contract.load()))
    for words in ("budget", "--other-token", "--readonly-token", "--write-tickets", "seed"):
        assert not [text for text in texts if words in text.lower()]
    assert "seed 0" in "\n".join(terminal.lines(bare_healthy))
