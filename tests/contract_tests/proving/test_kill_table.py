"""The kill table shows the profiles side by side, and a rate that is missed is said."""

from contract_tests.proving import kill_table
from contract_tests.proving.trial import Result, Subject

HEADINGS = (
    "quick kills", "standard kills", "quick requests, median", "standard requests, median",
)  # fmt: skip


def result(name, profile, *accused, seed=0, requirement="update.status.stored", **more):
    subject = Subject(name, more.pop("kind", "defect"), requirement, more.pop("visible", "writing"))
    return Result(subject, profile, seed, accused, more.pop("requests", 40), 1.0, **more)


RESULTS = [
    result("lost", "quick"),
    result("late", "quick", "status.stored", requests=38),
    result("lost", "standard", "status.stored", requests=240),
    result("late", "standard", "status.stored", requests=244),
    result("unsorted", "quick", requirement="list.sort.keys", visible="reading"),
    result("unsorted", "standard", requirement="list.sort.keys", visible="reading", requests=150),
]


def test_each_profile_has_a_row():
    assert list(kill_table.lines(RESULTS))[:5] == [
        "| profile | defects that reading shows | defects that writing shows | requests, median |",
        "| --- | --- | --- | --- |",
        "| quick | 0 of 1 | 1 of 2 | 40 |",
        "| standard | 0 of 1 | 2 of 2 | 240 |",
        "",
    ]


def test_the_profiles_stand_side_by_side():
    assert list(kill_table.lines(RESULTS))[5:10] == [
        " | ".join(["| statements | defects", *HEADINGS]) + " |",
        "| --- | --- | --- | --- | --- | --- |",
        "| list.sort | 1 | 0 | 0 | 40 | 150 |",
        "| update.status | 2 | 1 | 2 | 39 | 242 |",
        "",
    ]


def test_survivors_are_named_for_each_profile():
    said = [line for line in kill_table.lines(RESULTS) if line.startswith("Survivors")]

    assert said == [
        "Survivors of quick, reading (1): unsorted",
        "Survivors of quick, writing (1): lost",
        "Survivors of standard, reading (1): unsorted",
    ]


def test_a_defect_that_could_not_be_judged_is_no_kill_and_says_so():
    lines = list(kill_table.lines([result("lost", "quick", fault="the mock did not start")]))

    assert "Survivors of quick, writing (1): lost (not judged: the mock did not start)" in lines
    assert "| update.status | 1 | 0 | 40 |" in lines


def test_several_seeds_are_counted_as_runs():
    results = [result("lost", "quick", seed=0), result("lost", "quick", "status.stored", seed=1)]

    assert "| update.status | 1 | 1 of 2 runs | 40 |" in list(kill_table.lines(results))


def test_a_rate_that_is_missed_is_said():
    rates = {"quick": {"writing": 0.75}, "standard": {"writing": 1.0, "reading": 0.5}}

    assert kill_table.shortfalls(RESULTS, rates) == [
        "quick kills 50.0% of the writing defects, not 75.0%",
        "standard kills 0.0% of the reading defects, not 50.0%",
    ]


def test_every_accusation_of_a_healthy_mock_is_a_false_alarm():
    results = [
        result("busy", "quick", kind="healthy"),
        result("busy", "quick", "list.sort", kind="healthy", seed=1),
        result("slow", "quick", kind="healthy", fault="the mock did not start"),
    ]

    assert kill_table.shortfalls(results, {}) == [
        "false alarm: busy, seed 1: list.sort",
        "false alarm: slow, seed 0: the mock did not start",
    ]
    assert "| busy | quick | 2 | 1 | 40 |" in list(kill_table.lines(results))
