"""A difference that would hide others is named once, and what is behind it is judged."""

from collections import Counter
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from markupsafe import escape

from contract_tests.client.target import Tokens
from contract_tests.report.formats import html, junit, markdown, sarif
from contract_tests.report.masking.data_mask import data_mask
from contract_tests.report.records import replay
from contract_tests.report.records.record import record
from contract_tests.report.records.setting import Setting
from contract_tests.run.recorded_traffic import judged as judged_again
from tests.support.drift import DRIFTS, NEIGHBORS, drifting
from tests.support.drift_middleware import Drift
from tests.support.trial import contract, run_at, run_options

TOKENS = Tokens("jane", other="other", readonly="readonly")
EXPECTED = {
    "envelope": {"data -> result", "meta -> (the top)", "ticket -> data"},
    "names": {
        "filter[channel_ids] -> filter[channels]",
        "filter[tag_ids] -> filter[tags]",
        "user_id -> assignee_id",
    },
    "header": {"(none) -> X-Workspace"},
    "version": {"/api -> /api/v2"},
    "page size": {"per_page -> perPage"},
    "items": {"data -> items"},
    "tickets": {"data -> tickets"},
    "camel case": {"created_at -> createdAt"},
    "pagination": {"meta -> pagination"},
    "patch": {"PUT -> PATCH"},
    "state": {"status -> state", "user_id -> userId"},
    "bare filters": {"filter[…] -> …"},
    "no base path": {"/api -> /"},
    "camel parameters": {
        (
            "filter[assigned_to_me], filter[channel_ids], filter[tag_ids], per_page -> "
            "filter[assignedToMe], filter[channelIds], filter[tagIds], perPage"
        )
    },
}
SILENT = "camel parameters"
"""Ignores documented names in silence: only lists whose rows tell show which, and quick has few."""
EXPECTED["all"] = {"integer -> ULID"}.union(
    *(EXPECTED[name] for name in DRIFTS if name not in ("all", "ulids"))
)


def checked(drift, folder, profile="standard", *, show_data=False):
    """Return the record of a run that writes, and the tickets before and after it."""
    with drifting(drift) as served:
        before = served.tickets()
        headers = {drift.header: "acme-7"} if drift.header else {}
        wanted = run_options(profile)
        outcome = run_at(served.url, wanted, folder, tokens=TOKENS, headers=headers)
        mask = data_mask([*TOKENS.secrets(), *headers.values()], show_data=show_data)
        return record(outcome, Setting(served.url, mask)), before, served.tickets()


def _sorted_names(difference):
    """Return a difference without the order in which a run found its names."""
    sides = (", ".join(sorted(difference[side].split(", "))) for side in ("documented", "actual"))
    return " -> ".join(sides)


@cache
def judged_without_drift(folder, profile):
    return judged(checked(Drift(), folder, profile)[0])


def judged(found):
    return {s["id"] for s in found["requirements"] if s["outcome"] != "not observed"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "profile"),
    [
        *((name, "standard") for name in ("all", SILENT)),
        *((name, "quick") for name in NEIGHBORS if name != SILENT),
    ],
)
def test_each_difference_is_named_once_and_what_is_behind_it_judged(
    name, profile, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("undo")
    found, before, after = checked({**DRIFTS, **NEIGHBORS}[name], folder, profile)

    assert Counter(map(_sorted_names, found["differences"])) == Counter(EXPECTED[name])
    others = [v for v in found["violations"] if not v["law"].startswith("differences.")]
    assert others == []
    expected = judged_without_drift(folder.parent, profile)
    assert len(judged(found) & expected) >= 0.9 * len(expected)
    assert after == before
    assert {each["outcome"] for each in found["undo"]} == {"restored"}


@pytest.mark.slow
def test_a_record_is_judged_as_its_run_was(tmp_path):
    found, _, _ = checked(DRIFTS["all"], tmp_path, "quick", show_data=True)
    exchanges, adapter = replay.exchanges(found), replay.adapter(found)
    again = judged_again(exchanges, contract(), adapter=adapter)
    body = record(again, Setting("http://h", data_mask([])))

    outline = [(d["documented"], d["actual"], d["severity"], d["count"], d["exchanges"])
               for d in found["differences"]]  # fmt: skip
    assert outline == [
        (d["documented"], d["actual"], d["severity"], d["count"], d["exchanges"])
        for d in body["differences"]
    ]
    assert {v["law"] for v in body["violations"]} == {v["law"] for v in found["violations"]}
    # whose tokens they are that a recording shows, only the run knew
    assert judged(body) >= judged(found) - {"access.workspace"}


@pytest.fixture(scope="module", params=["envelope", "names", "header"])
def quick(request, tmp_path_factory):
    """Return the name of a difference, and what `checked` returns of a quick run."""
    drift = DRIFTS[request.param]
    return request.param, checked(drift, tmp_path_factory.mktemp("undo"), "quick")


def test_every_report_begins_with_the_differences(quick):
    _, (found, _, _) = quick
    words = [difference["words"] for difference in found["differences"]]
    begin = found["summary"].partition(":")[0]

    page = html.render(found, contract())
    text = markdown.text(found)
    assert words
    for word in words:
        assert escape(word[1:]) in page.partition('id="broken"')[0]
        assert markdown.plain(word) in text.partition("### Violations")[0]
    assert begin in page
    assert begin in ET.tostring(junit.suites(found), encoding="unicode")
    assert sarif.log(found)["runs"][0]["properties"]["summary"] == found["summary"]


def test_quick_adapts_too(quick):
    name, (found, before, after) = quick

    named = {f"{d['documented']} -> {d['actual']}" for d in found["differences"]}
    assert named <= EXPECTED[name]
    assert found["run"]["requests"] <= 55
    assert after == before
    if name == "header":  # which the words of the deployment name, and masking leaves
        [difference] = found["differences"]
        assert DRIFTS[name].header in difference["server_words"]
