"""The transport counts, paces, waits and tries again."""

import pytest
from flask import Flask, redirect, request

from contract_tests.client.budget import Budget, Exhausted, Pace
from contract_tests.client.target import ClientOptions, Target
from contract_tests.observations.exchange import Request, get
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Refusal, Serving
from tests.support.trial import TOKENS


def target(url, requests=None, **more):
    return Target(url, TOKENS, ClientOptions(Budget(requests), **more))


def test_the_budget_ends_the_sending():
    fake = FakeDeployment(FakeOptions(tickets=1))
    with Serving(fake) as url:
        asking = target(url, requests=2)
        asking.ask(get("/api/tickets"))
        asking.ask(get("/api/tickets"))
        with pytest.raises(Exhausted):
            asking.ask(get("/api/tickets"))

    assert len(fake.heard_methods) == 2


def test_a_broken_connection_is_tried_again_and_noted():
    fake = FakeDeployment(FakeOptions(tickets=1, resets=2))
    with Serving(fake) as url:
        asking = target(url)
        exchanges = [asking.ask(get("/api/tickets")) for _ in range(4)]

    assert {exchange.status for exchange in exchanges} == {200}
    assert any(exchange.notes for exchange in exchanges)
    assert asking.budget.spent > 4


def test_a_connection_that_always_breaks_is_an_exchange_without_status():
    fake = FakeDeployment(FakeOptions(tickets=1, resets=1))
    with Serving(fake) as url:
        exchange = target(url, retries=1).ask(get("/api/tickets"))

    assert exchange.status is None
    assert len(exchange.notes) == 2


class Unavailable(FakeDeployment):
    """Answers nothing but 502."""

    def app(self):
        app = Flask("unavailable")
        app.before_request(lambda: ("", 502))
        return app


@pytest.mark.parametrize(
    "deployment",
    [Unavailable(FakeOptions(tickets=1)), FakeDeployment(FakeOptions(tickets=1, resets=1))],
    ids=["502", "broken connections"],
)
@pytest.mark.parametrize(("method", "times"), [("GET", 4), ("DELETE", 4), ("POST", 1)])
def test_only_an_idempotent_request_is_sent_again(deployment, method, times):
    with Serving(deployment) as url:
        asking = target(url)
        asking.transport.outages = 0.0
        asking.transport.guard.extension = frozenset({1})
        exchange = asking.ask(Request(method, "/api/tickets/1/tags/2", body=b"{}"))

    assert asking.budget.spent == times
    assert exchange.status in (None, 502)


class Restarting(FakeDeployment):
    """Answers 503 until `up` is set."""

    up = False

    def app(self):
        app = super().app()
        app.before_request(lambda: None if self.up else ("<h1>Back soon</h1>", 503))
        return app


def test_a_restart_of_five_seconds_is_waited_out():
    fake, waited = Restarting(FakeOptions(tickets=1)), []
    with Serving(fake) as url:
        asking = target(url)

        def sleep(seconds):
            waited.append(seconds)
            fake.up = sum(waited) > 5

        asking.transport.waits.sleep = sleep
        exchange = asking.ask(get("/api/tickets"))

    assert exchange.status == 200
    assert waited == [0.2, 0.4, 0.8, 1.6, 3.2]


def test_a_deployment_that_stays_away_is_waited_for_ten_seconds_besides_in_a_run():
    waited = []
    with Serving(Restarting(FakeOptions(tickets=1))) as url:
        asking = target(url)
        asking.transport.waits.sleep = waited.append
        for _ in range(4):
            assert asking.ask(get("/api/tickets")).status == 503

    usual = [0.2, 0.4, 0.8]
    assert waited == [*usual, 1.6, 3.2, *usual, 1.6, 3.2, *usual, *usual]


class Login(FakeDeployment):
    """Sends everybody to a page where people log in."""

    def app(self):
        app = Flask("login")
        app.before_request(lambda: redirect("http://login.invalid/"))
        return app


def test_a_redirect_is_an_answer_and_nobody_follows_it():
    with Serving(Login(FakeOptions(tickets=1))) as url:
        asking = target(url)
        exchange = asking.ask(get("/api/tickets"))
        borrowed = asking.session.get(f"{url}/api/tickets")  # as schemathesis asks

    assert (exchange.status, borrowed.status_code) == (302, 302)
    assert asking.budget.spent == 2


def test_a_429_is_waited_out_as_long_as_it_says():
    waited = []
    fake = FakeDeployment(FakeOptions(tickets=1, rate=2, window=0.3))
    with Serving(fake) as url:
        asking = target(url)

        def sleep(seconds):
            waited.append(seconds)
            fake.hits.clear()

        asking.transport.waits.sleep = sleep
        exchanges = [asking.ask(get("/api/tickets")) for _ in range(3)]

    assert [exchange.status for exchange in exchanges] == [200, 200, 200]
    assert [exchange.status for exchange in asking.journal] == [200, 200, 429, 200]
    assert waited == [1.0]


def test_a_429_that_does_not_say_how_long_is_waited_out_for_a_minute_at_most():
    class Mute(FakeDeployment):
        def throttle(self):
            raise Refusal(429, {"message": "Too Many Attempts."})

    waited = []
    with Serving(Mute(FakeOptions(tickets=1))) as url:
        asking = target(url)
        asking.transport.waits.sleep = waited.append
        asking.ask(get("/api/tickets"))

    assert waited == [2, 4, 8, 16, 32]


class AsksForLong(FakeDeployment):
    """Asks to wait 300 seconds, once."""

    asked = False

    def throttle(self):
        if not self.asked:
            self.asked = True
            raise Refusal(429, {"message": "Too Many Attempts."}, {"Retry-After": "300"})


@pytest.mark.parametrize(("seconds", "waited"), [(400, [300.0]), (None, [300.0]), (299, [])])
def test_a_long_wait_is_kept_to_or_ends_the_run(seconds, waited):
    slept = []
    budget = Budget(seconds=seconds, clock=lambda: 0.0)
    with Serving(AsksForLong(FakeOptions(tickets=1))) as url:
        asking = Target(url, TOKENS, ClientOptions(budget, sleep=slept.append))
        if waited:
            assert asking.ask(get("/api/tickets")).status == 200
        else:
            with pytest.raises(Exhausted, match="asks to wait 300 s, longer than this run may"):
                asking.ask(get("/api/tickets"))

    assert slept == waited


def test_the_pace_spaces_requests_evenly():
    pace = Pace(2, 60.0)
    now, moments = 0.0, []
    for _ in range(5):
        now += pace.pause(now)
        moments.append(now)

    assert moments == [0.0, 30.0, 60.0, 90.0, 120.0]


def test_a_token_goes_out_once_and_only_where_it_belongs():
    heard = []

    class Listening(FakeDeployment):
        def hear(self):
            heard.append(self.token())
            super().hear()

    with Serving(Listening(FakeOptions(tickets=1))) as url:
        asking = target(url)
        for who in (
            "main",
            "other",
            "readonly",
            "none",
            "wrong",
            "near",
            "longer",
            "scheme",
            "bare",
            "basic",
            "basic_user",
        ):
            asking.ask(get("/api/tickets", who=who))

    wrong = {"", "0|contract-tests-wrong-token", "JANE", "janex"}
    assert set(heard) == {"jane", "stranger", "reader", *wrong}


def test_the_cookies_of_earlier_answers_are_sent_alone():
    heard = []

    class Session(FakeDeployment):
        def hear(self):
            heard.append((request.headers.get("Authorization"), request.headers.get("Cookie")))
            super().hear()

        def json(self, body, status, headers=None):
            cookie = f"session=s{len(heard)}; Path=/; HttpOnly"
            return super().json(body, status, {**(headers or {}), "Set-Cookie": cookie})

    with Serving(Session(FakeOptions(tickets=1))) as url:
        asking = target(url)
        for who in ("main", "main", "cookie"):
            asking.ask(get("/api/tickets", who=who))

    assert heard == [("Bearer jane", None), ("Bearer jane", None), (None, "session=s2")]
