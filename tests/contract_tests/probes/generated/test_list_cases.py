"""Combinations of filters, sorts and pages are drawn from what was seen, and shrunk."""

import pytest
from flask import request

from contract_tests.client.budget import Budget, Pace
from contract_tests.client.target import ClientOptions, Target
from contract_tests.observations.exchange import SHORTEST
from contract_tests.probes.generated import list_cases
from contract_tests.run.judging import judge
from contract_tests.run.run import Run
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import TOKENS, contract, run_options

NAMES = ["filter[status]", "filter[tag_ids]", "sort"]


class StatusLost(FakeDeployment):
    """Loses the status where tags are asked for too, in the order of creation."""

    def selected(self, filters):
        by_creation = "created_at" in request.args.get("sort", "")
        if "tag_ids" in filters and by_creation:
            filters = {name: value for name, value in filters.items() if name != "status"}
        return super().selected(filters)


class Moody(FakeDeployment):
    """Loses the status in every third request, whatever the query."""

    def selected(self, filters):
        if self.heard % 3 == 0:
            filters = {name: value for name, value in filters.items() if name != "status"}
        return super().selected(filters)


class Reading:
    """A run that reads the whole list, and then what is drawn."""

    def __init__(self, fake, seed=1, maximum=None, between=lambda: None):
        wanted = run_options("deep", only=("list",))
        with Serving(fake) as url:
            target = Target(url, TOKENS, ClientOptions(Budget(maximum=maximum), Pace()))
            explorer = Run(target, contract(), wanted).explorer
            explorer.walk("created_at")
            between()
            explorer.walk("created_at")
            list_cases.read(explorer, seed)
        self.history = explorer.history
        self.violated = [f for f in judge(self.history, wanted) if f.outcome == "violated"]
        self.requests = [e.request for e in self.history.exchanges if e.phase == "generated"]

    def of(self, purpose):
        return [request for request in self.requests if request.purpose == purpose]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_violation_that_takes_three_parameters_is_shrunk_to_them(seed):
    reading = Reading(StatusLost(FakeOptions(tickets=60)), seed)

    [shortest] = reading.of(SHORTEST)
    assert sorted(name for name, _ in shortest.query) == NAMES
    sent = {e.number for e in reading.history.exchanges if e.request is shortest}
    shown = {f.requirement for f in reading.violated if sent & {*f.exchanges}}
    assert any(requirement.startswith("list.filter.status") for requirement in shown)


def test_every_query_is_made_of_what_was_seen_and_is_sent_once():
    reading = Reading(FakeDeployment(FakeOptions(tickets=60)))

    requests = reading.of("generated")
    targets = {request.target for request in requests}
    assert reading.violated == []
    assert 50 < len(targets) == len(requests) <= list_cases.EXAMPLES
    assert all(reading.history.reader.read(request.query).plain for request in requests)
    assert {name for r in requests for name, _ in r.query} >= {*NAMES, "page", "per_page"}


@pytest.mark.slow
def test_a_deployment_that_answers_now_so_now_so_does_not_end_the_drawing():
    reading = Reading(Moody(FakeOptions(tickets=60)))

    assert 30 < len(reading.of("generated")) <= list_cases.MOST
    assert "list.filter.status" in {finding.requirement for finding in reading.violated}


@pytest.mark.slow
def test_where_others_are_at_work_nothing_is_shrunk():
    fake = StatusLost(FakeOptions(tickets=60))
    reading = Reading(fake, between=lambda: fake.store(fake.tickets[0], "subject", "Other"))

    assert reading.history.changed_meanwhile
    assert reading.of(SHORTEST) == []


def test_a_limit_of_requests_ends_the_drawing():
    reading = Reading(FakeDeployment(FakeOptions(tickets=60)), maximum=20)

    assert len(reading.history.exchanges) == 20
