"""What the runs show together: since when a statement is violated, until when, or flaky."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contract_tests.report.history import page, terminal
from contract_tests.report.history.run_line import RunLine
from contract_tests.report.history.terminal import left_out
from contract_tests.report.history.trend import trends

NAME = "list.filter.status"
MARKS = {"v": ("violated",), "c": ("confirmed",), ".": ()}


def run(day, mark="c", name=NAME, **more):
    when = datetime(2026, 11, 1, 2, tzinfo=UTC) + timedelta(days=day)
    seen = {MARKS[mark][0]: (name,)} if MARKS[mark] else {}
    verdict = "violated" if mark == "v" else "conforming"
    return RunLine(
        when.isoformat(), "https://helpdesk.example", verdict, "quick", 0, "0.1.0", 55,
        **{**seen, **more},
    )  # fmt: skip


def words(marks):
    found = trends([run(day, mark) for day, mark in enumerate(marks)])
    return [trend.words for trend in found]


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ("ccc", []),
        ("...", []),
        ("v", ["violated since 1 November 2026"]),
        ("ccvv", ["violated since 3 November 2026"]),
        ("vvcc", ["violated from 1 November 2026 to 2 November 2026"]),
        ("vv..", ["violated from 1 November 2026 to 2 November 2026, not observed since"]),
        ("c.v.v", ["violated since 3 November 2026"]),
        ("cvcvc", ["flaky: violated in 2 of 5 runs that observed it"]),
        ("cv.cv", ["flaky: violated in 2 of 4 runs that observed it"]),
        ("cvcvvvvv", ["violated since 4 November 2026"]),
        ("cvcvvvvvc", ["flaky: violated in 6 of 9 runs that observed it"]),
    ],
)
def test_a_statement_over_the_runs(marks, said):
    assert words(marks) == said


def test_what_is_violated_now_comes_first():
    gone = run(0, "v", "ticket.subject")
    found = trends([gone, run(1, "v", confirmed=("ticket.subject",))])
    assert [trend.statement for trend in found] == [NAME, "ticket.subject"]


def test_the_terminal_and_the_page_say_the_same():
    runs = [run(day, mark) for day, mark in enumerate("ccvvv")]
    shown = list(terminal.lines(runs, unreadable=2))
    drawn = page.render(runs, unreadable=2)

    assert f"{NAME} ✓✓✗✗✗ violated since 3 November 2026" in shown
    assert shown[-1] == "Unreadable: 2 lines of the history, which are left out."
    assert "violated since 3 November 2026" in drawn
    assert "Unreadable: 2 lines of the history" in drawn
    assert left_out(1) == "Unreadable: 1 line of the history, which is left out."
    assert drawn.count('class="cell violated" title=') == 2 * 3


def test_the_page_draws_latencies_by_operation():
    figures = {"listTickets": {"p50": 20.0, "p95": 80.0}}
    drawn = page.render([run(0), run(1, latency=figures)], unreadable=0)

    assert "95 % within 80 ms in the last run, at most 80 ms" in drawn
    assert 'style="height: 100.0%"' in drawn
    assert 'style="height: 25.0%"' in drawn


def test_nothing_of_a_line_becomes_markup():
    evil = "<script>alert(1)</script>"
    line = run(0, "v", evil, differences=(evil,), latency={evil: {"p50": 1, "p95": 2}})
    assert evil not in page.render([line], unreadable=0)


def test_deployments_are_not_mixed():
    staging = "https://staging.example"
    runs = [
        run(0),
        replace(run(1, "v"), base_url=staging),
        run(2),
        replace(run(3, "v"), base_url=staging),
    ]
    shown = list(terminal.lines(runs, unreadable=0))
    drawn = page.render(runs, unreadable=0)

    assert [line for line in shown if line.startswith("https")] == [
        "https://helpdesk.example",
        staging,
    ]
    assert [line for line in shown if NAME in line] == [f"{NAME} ✗✗ violated since 2 November 2026"]
    assert shown[1].startswith("2026-11-01")
    assert drawn.count("<section>") == drawn.count("2 runs from") == 2
    assert "Nothing is violated." in drawn
    assert drawn.count('class="cell violated" title=') == 2 * 2


def test_the_legend_of_the_bars_has_their_colors_in_either_scheme():
    drawn = page.render([run(0)], unreadable=0)

    assert not re.search(r"dark part|light part", drawn)
    for part, color in (("median", "fast"), ("rest", "slow")):
        assert f'class="cell {part}"' in drawn
        assert re.search(rf"\.cell\.{part} {{[^}}]*var\(--{color}\)", drawn)
    assert ".bar + .bar { background: var(--fast)" in drawn
