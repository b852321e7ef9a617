"""The wording of counts and sentences that several reports share."""

import re
from datetime import date
from html import unescape

import click

from contract_tests.report import baseline, wording
from contract_tests.report.formats import html, junit, markdown, sarif, terminal
from contract_tests.report.records import run_notes
from mockserver.contract.operations import Contract

TODAY = date(2026, 5, 1)


def sent(**members):
    return {"status": 200, "notes": [], **members}


def test_only_failed_tries_count_as_broken_connections():
    exchanges = [
        sent(),
        sent(stale=True),
        sent(cut="over 5 MB", notes=["over 5 MB"]),
        sent(notes=["the connection was closed"]),
        sent(notes=["the connection was closed"] * 4, status=None),
        sent(notes=["the connection was closed", "over 5 MB"], cut="over 5 MB"),
    ]
    broken, stale = run_notes.transport({"exchanges": exchanges})
    assert broken.startswith("Broken connections: 3 requests met one; 2 of them got an answer")
    assert stale.endswith(": 1.")


def test_a_run_without_trouble_says_nothing_of_it():
    assert list(run_notes.transport({"exchanges": [sent()]})) == []


def accept_all(record):
    entries = baseline.updated(record, [], TODAY)
    known = [
        baseline.Entry(*entry.key, "known, bug 7", "ann", date(2026, 6, 1)) for entry in entries
    ]
    return baseline.apply(record, known, TODAY)


def printed(record):
    return [click.unstyle(line) for line in terminal.lines(record)]


def test_every_report_calls_an_accepted_violation_accepted(planted, contract):
    record = accept_all(planted)
    sums = wording.sums(record)
    words = f"0 violated, 0 warnings, {sums.accepted} accepted"
    shown = "accepted by ann until 2026-06-01: known, bug 7"

    assert sums.accepted > 1
    assert words in printed(record)[-1]
    assert f"  {shown}" in printed(record)
    assert not [line for line in printed(record) if line.startswith(("WARNING", "VIOLATED"))]
    keeps = f"keeps {sums.confirmed} of the {sums.observed} statements observed"
    assert keeps in wording.headline(record)
    assert words in wording.headline(record)
    assert record["summary"].startswith(f"{sums.accepted} statements are violated and accepted: ")
    outputs = [case.text for case in junit.suites(record).iter("system-out")]
    assert sum(shown in (text or "") for text in outputs) == sums.accepted
    assert f"keeps {sums.confirmed} of the" in markdown.text(record)


def test_the_counts_of_every_report_agree(planted, contract):
    sums = wording.sums(planted)
    page = unescape(re.sub(r"<[^>]+>", "", html.render(planted, Contract.load())))
    headings = [line for line in printed(planted) if line.startswith("VIOLATED ") and "." in line]

    assert sums.differing in printed(planted)[-1]
    assert len(headings[:-1]) == len(set(headings[:-1])) == sums.broken
    assert f"breaks {sums.broken} of the {sums.observed} statements observed." in page
    assert f"Of {sums.all} statements ({wording.origins(planted)}), {sums.observed} could" in page
    numbers = re.findall(r"\d+", wording.origins(planted))
    assert sum(map(int, numbers)) == sums.all
    statements = [violation["requirement"] for violation in planted["violations"]]
    together = [name for n, name in enumerate(statements) if statements[n - 1 : n] != [name]]
    assert len(together) == len(set(together))


def test_every_report_says_beside_the_verdict_that_a_run_was_cut_short(healthy):
    words = "3 of at most 55 requests; the limit of 3 requests is reached"
    record = {**healthy, "run": {**healthy["run"], "cut_short": words}}
    properties = {p.get("name"): p.get("value") for p in junit.suites(record).iter("property")}

    assert printed(record)[-1].startswith(f"CONFORMING (cut short: {words})  ")
    assert f"Conforming (cut short: {words})</h1>" in html.render(record, Contract.load())
    assert f"conforming (cut short: {words})\n" in markdown.text(record)
    assert properties["cut_short"] == words


def test_junit_and_sarif_hold_the_requests_that_show_a_violation(planted):
    sent = wording.exchanges(planted)
    cases = "\n".join(node.text or "" for node in junit.suites(planted).iter())
    results = sarif.log(planted)["runs"][0]["results"]

    for violation, result in zip(planted["violations"], results, strict=True):
        for number in violation["exchanges"][: wording.SHOWN]:
            assert sent[number]["curl"] in cases
            assert sent[number]["curl"] in result["message"]["text"]


def test_a_value_that_could_not_be_restored_is_named_as_json(planted):
    entry = {"ticket": 42, "field": "assignee", "outcome": "failed", "original": None}
    record = {**planted, "undo": [entry]}

    words = "ticket 42: its assignee could not be restored to null; do it by hand"
    assert list(run_notes.not_restored(record)) == [words]
    assert "could not be put back to null." in html.render(record, Contract.load())
