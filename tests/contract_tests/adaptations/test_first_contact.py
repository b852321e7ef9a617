"""What the first request finds out: where the API is, and which names it takes."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from contract_tests.adaptations.adapter import Adapter
from contract_tests.adaptations.requests import base_path
from contract_tests.cli.command_group import main
from contract_tests.client.errors import CannotRun
from contract_tests.client.session import Session
from contract_tests.client.target import Target, Tokens
from contract_tests.observations.exchange import LIST_PATH, Exchange, get, put
from contract_tests.observations.history import History
from mockserver.contract.choices import Choices
from tests.support.drift import DRIFTS, drifting, only_read
from tests.support.drift_middleware import Drift
from tests.support.fake_deployment import FakeDeployment, Serving
from tests.support.trial import contract

PARAMETERS = {"per_page": "perPage"}
SIZE = {"per_page": 10}
MINE = {"filter[assigned_to_me]": "true"}


def session(url):
    target = Target(url, Tokens("jane"))
    target.transport.adaptations = Adapter(contract())
    return Session(target, History(contract()), "quick")


def contact(drift, query=None, path=LIST_PATH):
    """Return the answer to a first request, and what was learnt and sent."""
    with drifting(drift, only_read(drift.choices)) as served:
        client = session(served.url)
        exchange = client.send(get(path, query))
        active = client.target.transport.adaptations.active
    learnt = {name: own for each in active for name, own in _names(each).items()}
    return exchange, learnt, client.target.journal


def _names(adaptation):
    return getattr(adaptation, "names", {adaptation.documented: adaptation.actual})


@pytest.mark.parametrize(
    ("drift", "requests"),
    [
        (Drift(base="/api/v1"), 2),
        (Drift(base="/api/v2"), 3),
        (Drift(base=""), 4),
        (Drift(base="/help/v3/api", lost="The API is at {base}/tickets."), 2),
        (Drift(base="/api/v7", lost="Use version 7 of this API."), 2),
        (Drift(base="/v3", lost="It has moved to {base}."), 2),
        (Drift(base="/api/v9", redirects=True), 2),
        (Drift(base="/api/v2", lost="The route api/tickets could not be found."), 3),
    ],
)
def test_the_api_is_found_below_another_path(drift, requests):
    exchange, learnt, journal = contact(drift)

    assert learnt == {"/api": drift.base or "/"}
    assert exchange.status == 200
    assert exchange.request.path == LIST_PATH
    assert exchange.sent.path == f"{drift.base}/tickets"
    assert len(journal) == requests
    assert [each.superseded for each in journal] == [True] * (requests - 1) + [False]


def test_the_path_that_the_user_gives_is_tried_first(tmp_path):
    drift, file = Drift(base="/support/rest"), tmp_path / "run.json"
    with drifting(drift, only_read(Choices())) as served:
        target = ["--base-url", f"{served.url}/support/rest/", "--token", "jane"]
        limits = ["--profile", "quick", "--max-requests", "4"]
        done = CliRunner().invoke(main, [*target, *limits, "--json", str(file)])

    assert "the operations stand at /support/rest/tickets" in done.output
    assert f"{served.url}/support/rest" in json.loads(file.read_text())["run"]["command"]
    assert served.middleware.received[1].startswith("GET /support/rest/tickets")


class Staging(FakeDeployment):
    """An API at the root, and another one below /staging."""

    def app(self):
        app = super().app()
        self.staging = FakeDeployment()
        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/staging": self.staging.app()})
        return app


def test_of_two_apis_the_one_at_the_path_that_the_user_gives_is_checked():
    fake = Staging()
    with Serving(fake) as url:
        target = ["--base-url", f"{url}/staging", "--token", "jane", "--profile", "quick"]
        done = CliRunner().invoke(main, target)

    assert "the operations stand at /staging/api/tickets" in done.output
    assert fake.heard_methods == [("GET", LIST_PATH)]
    assert len(fake.staging.heard_methods) > 40


def test_a_path_without_an_api_is_said_and_no_other_api_is_checked():
    fake = FakeDeployment()
    with Serving(fake) as url:
        done = CliRunner().invoke(main, ["--base-url", f"{url}/stagin", "--token", "jane"])

    assert done.exit_code == 2
    assert f"no Tickets API answers below {url}/stagin, but one at {url}/api/tickets" in done.output
    assert len(fake.heard_methods) == 3


def test_an_api_that_is_nowhere_costs_three_more_requests_and_the_message_names_them():
    drift = Drift(
        base="/elsewhere", lost="Try /api/v1/tickets, /a/tickets, /tickets or /b/tickets."
    )
    with drifting(drift, only_read(Choices())) as served:
        client = session(served.url)
        with pytest.raises(CannotRun, match=r"nor at /api/v1/tickets \(404\), .*, /tickets"):
            client.send(get(LIST_PATH))

    assert len(client.target.journal) == 1 + base_path.MOST_TRIES
    assert not client.target.transport.adaptations.active


def test_it_is_looked_for_once():
    with drifting(Drift(base="/elsewhere"), only_read(Choices())) as served:
        client = session(served.url)
        for _ in range(2):
            client.target.ask(get(LIST_PATH))

    assert len(client.target.journal) == 2 + base_path.MOST_TRIES


def test_a_redirect_to_a_login_page_is_not_followed_by_guesses():
    lost = Exchange(1, get(LIST_PATH), 302, headers=(("Location", "https://h/login?next=/v2"),))

    assert base_path.detect(lost) == []
    assert len(base_path.detect(replace(lost, status=404))) == base_path.MOST_TRIES


def test_a_page_of_another_site_is_no_list_of_tickets():
    page = Exchange(1, get(LIST_PATH), 200, body=b"<html>/tickets</html>")
    rows = Exchange(1, get(LIST_PATH), 200, body=json.dumps({"data": [{"seat": "A1"}]}).encode())
    found = base_path.BasePath("/api", "/")

    assert not found.accepts(page)
    assert not found.accepts(rows)
    assert not found.accepts(replace(page, status=401, body=b"{}"))


@pytest.mark.parametrize("lost", ["Not found.", "<html><h1>Not found</h1></html>"])
def test_a_ticket_that_is_missing_at_first_is_looked_for_below_another_path(lost):
    drift = Drift(base="/api/v2", lost=lost)
    exchange, learnt, _ = contact(drift, path=f"{LIST_PATH}/42")

    assert learnt == {"/api": "/api/v2"}
    assert exchange.status == 200


def test_so_it_is_where_ulids_alone_name_tickets():
    exchange, learnt, _ = contact(Drift(base="", ulids=True), path=f"{LIST_PATH}/42")

    assert learnt == {"/api": "/", "integer": "ULID"}
    assert exchange.document["ticket"]["id"] == 42


@pytest.mark.parametrize("silent", [True, False])
@pytest.mark.parametrize(("query", "own"), [(SIZE, "perPage"), (MINE, "filter[assignedToMe]")])
def test_camel_case_is_tried_where_a_name_is_refused_or_without_effect(query, own, silent):
    filters = {"assigned_to_me": "assignedToMe"}
    exchange, learnt, journal = contact(
        Drift(parameters=PARAMETERS, filters=filters, silent=silent), query
    )

    [documented] = query
    assert learnt == {documented: own}
    assert exchange.sent.parameters == {own: str(query[documented])}
    assert [each.superseded for each in journal] == [True, False]
    assert own not in exchange.document["links"]["first"]


def test_names_are_tried_below_another_path_too():
    drift = Drift(base="/api/v2", camel=True, parameters=PARAMETERS, silent=True)
    exchange, learnt, journal = contact(drift, SIZE)

    assert learnt == {"/api": "/api/v2", "created_at": "createdAt", "per_page": "perPage"}
    assert exchange.document["meta"]["per_page"] == 10
    assert len(journal) == 4


def test_a_field_that_a_refusal_names_is_not_taken_for_a_key_in_another_style():
    with drifting(Drift(camel=True, fields={"user_id": "userId"})) as served:
        client = session(served.url)
        client.send(get(LIST_PATH))
        client.target.transport.guard.tickets = frozenset({42})
        exchange = client.send(put(f"{LIST_PATH}/42/assignee", {"user_id": 5}))

    assert json.loads(exchange.sent.body) == {"userId": 5}
    assert exchange.status == 200


def test_a_name_in_another_style_says_nothing_of_the_others():
    drift = Drift(filters={"assigned_to_me": "assignedToMe"}, silent=True)
    with drifting(drift, only_read(drift.choices)) as served:
        client = session(served.url)
        mine = client.send(get(LIST_PATH, {**MINE, "per_page": 5}))
        channel = client.send(get(LIST_PATH, {"filter[channel_ids]": 1, "per_page": 5}))

    assert len({row["assignee"]["id"] for row in mine.document["data"]}) == 1
    assert {row["channel"]["id"] for row in channel.document["data"]} == {1}
    assert len(client.target.journal) == 3


def test_what_has_no_effect_under_either_name_costs_one_more_request():
    drift = Drift(parameters={"per_page": "(no name)"}, silent=True)
    with drifting(drift, only_read(drift.choices)) as served:
        client = session(served.url)
        first, second = (client.send(get(LIST_PATH, SIZE)) for _ in range(2))

    assert first.document["meta"]["per_page"] == second.document["meta"]["per_page"] == 25
    assert [each.superseded for each in client.target.journal] == [False, True, False]
    assert not client.target.transport.adaptations.active


def test_a_missing_header_is_no_reason_to_try_other_names():
    with drifting(DRIFTS["header"], only_read(Choices())) as served:
        client = session(served.url)
        refused = client.target.ask(get(LIST_PATH, SIZE))

    assert refused.status == 400
    assert len(client.target.journal) == 1


def test_a_deployment_that_keeps_the_contract_is_asked_once():
    with Serving(FakeDeployment()) as url:
        client = session(url)
        for query in ({}, SIZE, MINE, {"filter[channel_ids]": "1,2"}, {"filter[tag_ids]": 1}):
            client.send(get(LIST_PATH, query))

    assert len(client.target.journal) == 5
