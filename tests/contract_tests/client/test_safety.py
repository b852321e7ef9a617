"""Nothing but GET and HEAD leaves without --write-tickets, whatever the options."""

import os
import subprocess
import sys

import pytest

from contract_tests.client.safety import Guard, NotAllowed
from contract_tests.client.target import Target
from contract_tests.observations.exchange import Request, put
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import TOKENS, paths_of_no_ticket

OPTIONS = [
    ["--other-token", "stranger", "--readonly-token", "reader"],
    ["--profile", "deep", "--max-requests", "250", "--strict", "--strict-fields", "--show-data"],
    ["--profile", "quick", "--only", "update.alone", "--undo", "--skip", "list", "--retries", "0"],
]


@pytest.fixture
def command(tmp_path):
    def run(*arguments, **variables):
        environment = {
            **os.environ,
            "CONTRACT_TOKEN": TOKENS.main,
            "CONTRACT_OTHER_TOKEN": "stranger",
            "CONTRACT_READONLY_TOKEN": "reader",
            "XDG_STATE_HOME": str(tmp_path / "state"),
            **variables,
        }
        return subprocess.run(
            [sys.executable, "-m", "contract_tests", *arguments],
            env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return run


@pytest.mark.slow
@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_a_reading_run_sends_only_get_and_head(options, command):
    fake = FakeDeployment(FakeOptions(tickets=30))
    with Serving(fake) as url:
        done = command("--base-url", url, *options)

    # 2: what only writes show was asked for, and is not observed
    assert done.returncode in (0, 2), done.stdout + done.stderr
    assert fake.requests
    assert {method for method, _ in fake.heard_methods} <= {"GET", "HEAD"}


@pytest.mark.slow
def test_writes_touch_only_the_named_ticket(command):
    fake = FakeDeployment(FakeOptions(tickets=30))
    with Serving(fake) as url:
        done = command("--base-url", url, "--write-tickets", "4")

    written = {path for method, path in fake.heard_methods if method not in ("GET", "HEAD")}
    assert done.returncode == 0, done.stdout
    own = {"/api/tickets/4/status", "/api/tickets/4/assignee"}
    assert written - paths_of_no_ticket(4) == own


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/api/tickets/5/status"),
        ("PUT", "/api/tickets/42/tags"),
        ("PUT", "/api/tickets/42/status/"),
        ("DELETE", "/api/tickets/42"),
        ("POST", "/api/tickets"),
        ("PATCH", "/api/tickets/42/status"),
        ("put", "/api/tickets/42/status"),
    ],
)
def test_the_guard_keeps_in_what_was_not_named(method, path):
    guard = Guard("http://here", frozenset({42}))

    with pytest.raises(NotAllowed):
        guard.check(method, "http://here", path)


def test_the_guard_lets_nothing_go_elsewhere():
    with pytest.raises(NotAllowed):
        Guard("http://here").check("GET", "http://there", "/api/tickets")


def test_another_library_with_our_session_is_guarded_too():
    fake = FakeDeployment(FakeOptions(tickets=3))
    with Serving(fake) as url:
        target = Target(url, TOKENS)
        with pytest.raises(NotAllowed):
            target.session.delete(f"{url}/api/tickets/1")
        with pytest.raises(NotAllowed):
            target.ask(put("/api/tickets/1/status", {"status": "closed"}))
        target.ask(Request("HEAD", "/api/tickets"))

    assert [method for method, _ in fake.heard_methods] == ["HEAD"]
