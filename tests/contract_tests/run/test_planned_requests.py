"""The plan says what is sent: the exact requests, their number, the tickets, the time."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from contract_tests.cli.check import check
from contract_tests.client.budget import Pace
from contract_tests.run.options import RunOptions
from contract_tests.run.planned_requests import PlannedRun, exact
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import run, run_options

SHOWN = [
    ("GET /api/tickets", ("GET", "/api/tickets", "main")),
    ("GET /api/tickets without a token", ("GET", "/api/tickets", "none")),
    ("GET /api/tickets?sort=updated_at&per_page=15",
     ("GET", "/api/tickets?sort=updated_at&per_page=15", "main")),
    ("GET /api/tickets/{id}", None),
    ("GET /api/tickets?filter[search]={a word}&page=2", None),
    ("GET /api/tickets?filter[status]=open (the second half)", None),
    ("PUT status: each value, twice", None),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "request_"), SHOWN)
def test_what_depends_on_the_data_is_not_exact(shown, request_):
    assert exact(shown) == request_


@pytest.mark.parametrize("profile", ["quick", "standard"])
@pytest.mark.parametrize(("tickets", "seed"), [(1, 0), (250, 7)])
def test_exact_requests_are_sent_in_the_order_of_the_plan(profile, tickets, seed, tmp_path):
    outcome = run(
        FakeDeployment(FakeOptions(tickets=tickets)), run_options(profile, seed), tmp_path
    )
    plan = PlannedRun(outcome.run_options, Pace(), ())

    shown = [request for probe in plan.probes() for line in probe.shown if (request := exact(line))]
    requests = [exchange.request for exchange in outcome.history.exchanges]
    sent = iter([(r.method, r.target, str(r.who)) for r in requests])
    assert len(shown) >= 4
    assert [request for request in shown if request not in sent] == []
    assert list(plan.notes(outcome.history.exchanges)) == []
    undone = sum(exchange.phase == "undo" for exchange in outcome.history.exchanges)
    assert len(outcome.history.exchanges) - undone <= (plan.limit() or 0)


def test_requests_of_the_plan_that_were_not_sent_are_named():
    plan = PlannedRun(run_options("quick", max_requests=6), Pace())
    outcome = run(FakeDeployment(FakeOptions(tickets=8)), plan.run_options)

    [note] = plan.notes(outcome.history.exchanges)
    assert note.startswith("planned, but not sent: GET /api/tickets?")
    assert "GET /api/tickets?sort=last_activity_at&per_page=100" in note


def planned(url, *options):
    arguments = ["--base-url", url, "--token", "jane", "--plan", *options]
    return CliRunner().invoke(check, arguments, catch_exceptions=False)


@pytest.mark.slow
def test_the_plan_names_number_time_tickets_and_what_remains(tmp_path):
    fake, file = FakeDeployment(FakeOptions(tickets=8)), tmp_path / "plan.json"
    with Serving(fake) as url:
        options = ("--profile", "quick", "--rate", "30/minute", "--write-tickets", "3,5")
        done = planned(url, *options, "--json", str(file))

    plan = json.loads(file.read_text())
    assert fake.heard_methods == []
    assert done.exit_code == 0
    assert (plan["requests_at_most"], plan["minutes_at_most"]) == (55, 1.8)
    assert plan["tickets_written"] == [3, 5]
    assert any("notifications" in left for left in plan["remains"])
    assert {probe["phase"] for probe in plan["probes"]} == {
        "reading", "closing", "writing", "written",
    }  # fmt: skip
    assert sum(len(probe["requests_to_the_mock"]) for probe in plan["probes"]) > 30
    assert "Tickets written: 3, 5." in done.output
    assert "at most 55 requests" in done.output


@pytest.mark.slow
def test_a_plan_that_only_reads_writes_nothing_and_leaves_nothing(tmp_path):
    done = planned("http://127.0.0.1:9", "--profile", "quick", "--json", str(tmp_path / "plan"))

    plan = json.loads((tmp_path / "plan").read_text())
    assert (plan["tickets_written"], plan["remains"]) == ([], [])
    assert "PUT" not in done.output


@pytest.mark.parametrize(
    ("profile", "pace", "words"),
    [
        ("quick", Pace(60, 60.0), "Time: at most 55 seconds, at 60 a minute."),
        ("standard", Pace(60, 60.0), "Time: at most 3 minutes, at 60 a minute."),
        ("quick", Pace(2, 1.0), "Time: at most 28 seconds, at 2 a second."),
    ],
)
def test_the_time_is_rounded_up_and_in_the_unit_that_fits(profile, pace, words):
    assert words in list(PlannedRun(run_options(profile), pace).lines())


LIMIT = "the limit of 20 requests left no room for the rest"
KEPT = "5 kept for reading again at the end, and not needed"
TIME = "the time of 5 seconds is spent"


@pytest.mark.parametrize(
    ("sent", "most", "stopped", "words"),
    [
        (20, 20, LIMIT, f"20 of at most 170 requests; {LIMIT}"),
        (15, 20, LIMIT, f"15 of at most 170 requests; {LIMIT}; {KEPT}"),
        (9, 20, TIME, f"9 of at most 170 requests; {TIME}"),
        (9, None, "interrupted", ""),
        (170, None, "", ""),
    ],
)
def test_a_run_that_was_cut_short_says_how_much_was_sent(sent, most, stopped, words):
    plan = PlannedRun(RunOptions(max_requests=most), Pace())
    exchanges = [SimpleNamespace(phase="reading")] * sent + [SimpleNamespace(phase="undo")]
    assert plan.cut_short(stopped, exchanges) == words
