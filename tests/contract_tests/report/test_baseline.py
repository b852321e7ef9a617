from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import click
import pytest

from contract_tests.report import baseline
from contract_tests.report.baseline import Entry
from contract_tests.report.formats import junit, terminal

TODAY = date(2026, 3, 1)
LATER = TODAY + timedelta(days=30)
GOOD = {
    "requirement": "list.filter.unassigned",
    "law": "filters.members",
    "place": "x",
    "reason": "known",
    "owner": "qa",
    "expires": LATER,
}


def entries_for(record, *, expires=LATER):
    return [
        Entry(v["requirement"], v["law"], place, "mended in the next release", "qa", expires)
        for v in record["violations"]
        for place in sorted(baseline.places(v))
    ]


def test_accepted_violations_no_longer_fail(planted):
    body = baseline.apply(planted, entries_for(planted), TODAY)
    assert planted["verdict"] == "violated"
    assert body["verdict"] == "conforming"
    assert all(v["accepted"]["owner"] == "qa" for v in body["violations"])


def test_one_violation_that_nobody_accepted_still_fails(planted):
    accepted = [e for e in entries_for(planted) if e.requirement != "status.stored"]
    body = baseline.apply(planted, accepted, TODAY)
    assert body["verdict"] == "violated"
    assert [v["requirement"] for v in body["violations"] if v["severity"] == "fail"] == [
        "status.stored"
    ]


def test_another_fault_of_the_same_law_is_not_accepted(planted):
    record = {**planted, "violations": [dict(v) for v in planted["violations"]]}
    first = record["violations"][0]
    first["examples"] = [*first["examples"], {"message": "quite another fault", "exchanges": [1]}]
    body = baseline.apply(record, entries_for(planted), TODAY)
    shown = next(v for v in body["violations"] if v["law"] == first["law"])
    assert body["verdict"] == "violated"
    assert shown["message"] == "quite another fault"
    assert shown["exchanges"] == [1]
    assert ["accepted" in example for example in shown["examples"]][:2] == [False, True]
    known = shown["examples"][1]["message"]
    assert f"  also seen: {known} (accepted by qa until {LATER}: " in "\n".join(
        terminal.lines(body)
    )


def test_ids_and_indexes_do_not_tell_violations_apart():
    message = "/data/3/created_at: not a time; ticket 17 at 2026-01-02T03:04:05+00:00"
    other = "/data/41/created_at: not a time; ticket 2 at 2025-12-31T23:59:59+00:00"
    assert baseline.place_of(message) == baseline.place_of(other)
    assert baseline.place_of(message) != baseline.place_of("/data/3/updated_at: not a time")


def test_an_expired_entry_fails_again_and_is_reported(planted):
    old = entries_for(planted, expires=TODAY - timedelta(days=1))
    body = baseline.apply(planted, old, TODAY)
    assert body["verdict"] == "violated"
    assert len(body["baseline"]["expired"]) == len(old)


def test_an_entry_holds_on_its_last_day(planted):
    assert baseline.apply(planted, entries_for(planted, expires=TODAY), TODAY)["verdict"] == (
        "conforming"
    )


def test_what_no_longer_reproduces_is_reported(planted, healthy):
    body = baseline.apply(healthy, entries_for(planted), TODAY)
    gone = {entry["requirement"] for entry in body["baseline"]["gone"]}
    assert {"list.filter.unassigned", "ticket.created_at", "status.stored"} <= gone


def test_entries_of_one_statement_are_one_notice(planted, healthy):
    entry = entries_for(planted)[0]
    twice = [entry, replace(entry, place="another place")]
    body = baseline.apply(healthy, twice, TODAY)
    assert len(body["baseline"]["gone"]) == 2
    assert [each["place"] for each, _ in baseline.notices(body)] == [entry.place]


def test_what_was_not_observed_is_not_called_mended(planted, healthy):
    statements = [dict(s, outcome="not observed") for s in healthy["requirements"]]
    body = baseline.apply({**healthy, "requirements": statements}, entries_for(planted), TODAY)
    assert body["baseline"]["gone"] == []


def test_updating_adds_drops_and_keeps(planted, healthy):
    kept = entries_for(planted)[:1]
    gone = Entry("list.answer", "responses.schemas", "nothing like it", "r", "o", LATER)
    fresh = baseline.updated(planted, [*kept, gone], TODAY)
    assert fresh[0] == kept[0]
    assert gone not in fresh
    assert {e.key for e in fresh} == {e.key for e in entries_for(planted)}


def test_a_written_file_is_read_back_but_wants_its_reasons(planted, tmp_path):
    path = tmp_path / "accepted.yaml"
    fresh = baseline.updated(planted, [], TODAY)
    baseline.write(fresh, path)
    assert baseline.read(path, drafts=True) == fresh
    with pytest.raises(click.UsageError, match="entry 1: fill in its reason and owner"):
        baseline.read(path)


def test_an_empty_baseline_can_be_written_and_read(tmp_path):
    baseline.write([], tmp_path / "a.yaml")
    assert baseline.read(tmp_path / "a.yaml") == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"requirement": "list.nothing"}, "'list.nothing' is not a known requirement"),
        ({"law": "pagination.nothing"}, "'pagination.nothing' is not a known law"),
        ({"expires": "soon"}, "expires is a day"),
        ({"reason": " "}, "say the reason in words"),
        ({"more": 1}, "expected just the keys"),
    ],
)
def test_a_bad_entry_is_named_with_the_remedy(tmp_path, change, words):
    import yaml

    path = tmp_path / "accepted.yaml"
    path.write_text(yaml.safe_dump([GOOD, {**GOOD, **change}]))
    with pytest.raises(click.UsageError, match=rf"entry 2: .*{words}"):
        baseline.read(path)


@pytest.mark.parametrize("text", ["{", "requirement: x", "\x00"])
def test_a_file_that_is_no_list_is_refused(tmp_path, text):
    path = tmp_path / "accepted.yaml"
    path.write_text(text)
    with pytest.raises(click.UsageError, match=r"accepted\.yaml"):
        baseline.read(path)


def test_entries_that_need_attention_are_in_the_terminal_and_in_junit(planted):
    names = [violation["requirement"] for violation in planted["violations"]]
    days = {names[0]: TODAY - timedelta(days=1), names[1]: TODAY + timedelta(days=13)}
    entries = [
        replace(entry, expires=days.get(entry.requirement, TODAY + timedelta(days=14)))
        for entry in entries_for(planted)
    ]
    gone = replace(entries[0], place="a fault of last year")
    body = baseline.apply(planted, [*entries, gone], TODAY)

    shown = "\n".join(terminal.lines(body))
    output = ET.tostring(junit.suites(body), encoding="unicode")
    for words in (
        f"{names[0]} (qa) expired on {days[names[0]]} and is violated still: mended in the next",
        f"{names[1]} (qa) expires on {days[names[1]]}: mended in the next release",
        f"{names[0]} (qa) is no longer violated and can be removed (--update-baseline)",
    ):
        assert f"Baseline: {words}" in shown
        assert words.replace(" (qa)", "").partition(":")[0] in output
    assert shown.count("Baseline: ") == len(list(baseline.notices(body)))


def test_an_accepted_value_accepts_no_other():
    accepted = "/data/3/status: 'pending' is not one of 'open', 'closed', 'spam'"
    assert baseline.place_of(accepted) == baseline.place_of(accepted.replace("/3/", "/4/"))
    assert baseline.place_of(accepted) != baseline.place_of(accepted.replace("pending", "solved"))


def test_masked_texts_do_not_tell_violations_apart():
    message = "/data/1/subject: 'masked-{}-12' is too long"
    one, other = message.format("3f9a1c"), message.format("0b1d2e")
    assert baseline.place_of(one) == baseline.place_of(other)


def test_the_place_of_a_violation_does_not_depend_on_the_masked_value():
    first, second = (
        f"/data/{n}/color: 'masked-{digits}-6' (of the shape {shape}) does not match ^#"
        for n, digits, shape in ((0, "60c3eb", "9a9999"), (7, "a1b2c3", "aaaaa9"))
    )
    assert baseline.place_of(first) == baseline.place_of(second)
