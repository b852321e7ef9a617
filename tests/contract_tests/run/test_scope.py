"""Tickets that are out of scope are neither requested alone nor written."""

import re

import pytest
from click.testing import CliRunner

from contract_tests.cli.check import check
from contract_tests.client.safety import TicketScope
from contract_tests.probes.generated.generate import generate
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import run, run_options, said

TICKET = re.compile(r"^/api/tickets/(\d+)(/|$)")


def requested(outcome):
    """Return the tickets that single requests of a run were about."""
    paths = (exchange.request.path for exchange in outcome.history.exchanges)
    return {int(match[1]) for path in paths if (match := TICKET.match(path))}


@pytest.mark.parametrize(
    "profile", ["quick", "standard", pytest.param("deep", marks=pytest.mark.slow)]
)
def test_skipped_tickets_and_those_of_other_channels_are_in_lists_alone(profile, tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=24))
    skipped = {ticket["id"] for ticket in fake.tickets[::2]}
    elsewhere = {ticket["id"] for ticket in fake.tickets if ticket["channel"]["id"] != 2}
    scope = TicketScope(skipped=frozenset(skipped), channels=frozenset({2}))
    outcome = run(fake, run_options(profile, scope=scope), tmp_path, generate)

    assert any(ticket["id"] in requested(outcome) for ticket in fake.tickets)
    assert not requested(outcome) & skipped
    assert not requested(outcome) & elsewhere
    assert outcome.restored
    assert said(outcome) == []
    assert outcome.notes == []


@pytest.mark.parametrize("profile", ["quick", "standard"])
def test_a_scope_without_tickets_requests_none_of_those_listed(profile, tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=60))
    scope = TicketScope(channels=frozenset({99_999}))
    outcome = run(fake, run_options(profile, scope=scope), tmp_path)

    assert not requested(outcome) & {ticket["id"] for ticket in fake.tickets}
    assert said(outcome) == []


def checked(url, *options):
    arguments = ["--base-url", url, "--token", "jane", "--profile", "quick", *options]
    return CliRunner().invoke(check, arguments, catch_exceptions=False)


def test_a_named_ticket_that_does_not_exist_ends_the_run_before_anything_is_written():
    fake = FakeDeployment(FakeOptions(tickets=8))
    with Serving(fake) as url:
        done = checked(url, "--write-tickets", "3,99999999")

    assert done.exit_code == 2
    assert "--write-tickets 99999999: the deployment answers 404" in done.output
    assert {method for method, _ in fake.heard_methods} == {"GET"}
    assert len(fake.heard_methods) < 5


def test_a_named_ticket_of_another_channel_ends_the_run_too():
    fake = FakeDeployment(FakeOptions(tickets=8))
    ticket = fake.tickets[0]
    other = next(c["id"] for c in fake.channels if c["id"] != ticket["channel"]["id"])
    with Serving(fake) as url:
        done = checked(url, "--write-tickets", str(ticket["id"]), "--only-channels", str(other))

    assert done.exit_code == 2
    assert "is not in --only-channels" in done.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--skip-tickets", "4x"), "--skip-tickets '4x': use ids such as 42,43"),
        (("--only-channels", "0"), "--only-channels '0': use ids such as 42,43"),
        (("--skip-tickets", "3", "--write-tickets", "3"), "both name ticket 3"),
    ],
)
def test_wrong_ids_are_refused_in_one_line(options, words):
    done = checked("http://127.0.0.1:9", *options)

    assert done.exit_code == 2
    assert words in done.output
