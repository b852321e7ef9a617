import pytest
import requests
from click.testing import CliRunner, Result
from flask import Flask

from mockserver.server.cli import main
from mockserver.testing import MockServer, TicketWorld
from tests.support.harness import WORLD_FILE, Serving, free_port


def verify(*options: str) -> Result:
    return CliRunner().invoke(main, ["verify", *options])


def test_a_run_of_documented_requests_passes(server: Serving, jane: str) -> None:
    server.get("/api/tickets?filter[status]=open", jane)
    server.put("/api/tickets/1/status", {"status": "open"}, jane)
    done = verify("--url", server.url, "--world", jane.partition("@")[2])
    assert (done.exit_code, done.output) == (0, "2 requests, none violates the contract\n")


def test_an_unknown_request_fails_the_job_and_is_named_with_the_nearest(
    server: Serving, jane: str
) -> None:
    world = jane.partition("@")[2]
    server.get("/api/tickets?filter[channel_id]=1", jane)
    server.get("/api/ticket/1", jane)
    done = verify("--url", f"{server.url}/", "--world", world)
    assert done.exit_code == 1
    filters, route = done.output.splitlines()
    assert filters == (
        "unknown_parameter: GET /api/tickets?filter[channel_id]=1: filter[channel_id] is not "
        f"documented; did you mean filter[channel_ids]? [world {world}]"
    )
    assert route == (
        "unknown_route: GET /api/ticket/1: not a documented route; "
        "did you mean GET /api/tickets/{id}? "
        f"[world {world}]"
    )


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/docs", "/docs/", "/docs/missing.css", "/openapi.json", "/openapi.yaml"),
        *("/_mock", "/_mock/health", "/_mock/docs", "/_mock/none", "/inspector/none.css"),
        *("/health", "/healthz", "/readyz", "/favicon.ico", "/favicon-32x32.png", "/robots.txt"),
        *("/files/none", "/.well-known/appspecific/com.chrome.devtools.json"),
    ],
)
def test_addresses_that_the_app_does_not_ask_for_are_not_judged(
    seeded_app: Flask, path: str
) -> None:
    journal = seeded_app.extensions["journal"]
    before = journal.counts("shared").requests
    seeded_app.test_client().get(path, follow_redirects=True)
    assert journal.counts("shared").requests == before


@pytest.mark.parametrize("path", ["/docsx", "/healthy", "/tickets", "/api/health"])
def test_other_unknown_addresses_are_judged(seeded_app: Flask, path: str) -> None:
    journal = seeded_app.extensions["journal"]
    before = journal.counts("shared").requests
    seeded_app.test_client().get(path)
    assert journal.counts("shared").requests == before + 1


def test_what_is_done_on_purpose_can_be_allowed(server: Serving, jane: str) -> None:
    server.get("/api/tickets?page=0", jane)
    options = ["--url", server.url, "--world", jane.partition("@")[2]]
    assert verify(*options).exit_code == 1
    assert verify(*options, "--allow", "wrong_value").exit_code == 0
    assert verify(*options, "--allow", "unknown_route").exit_code == 1


def test_without_a_world_every_world_is_judged() -> None:
    """On a server of its own: a fault is told once, and other tests may have made it before."""
    with MockServer(world=WORLD_FILE) as server:
        TicketWorld(server, "first").get("/api/one")
        TicketWorld(server, "second").get("/api/two")
        done = verify("--url", server.url)
    assert done.exit_code == 1
    assert [line.rpartition(" [")[2] for line in done.output.splitlines()] == [
        "world first]",
        "world second]",
    ]


def test_a_run_without_requests_proves_nothing(server: Serving) -> None:
    requests.get(f"{server.url}/_mock/worlds/unused/clock", timeout=10)  # opens it
    done = verify("--url", server.url, "--world", "unused")
    assert done.exit_code == 1
    assert done.output == "no request was recorded; check that the application uses this mock\n"


def test_a_misspelled_world_is_told_from_one_without_requests(server: Serving) -> None:
    done = verify("--url", server.url, "--world", "shard")
    assert done.exit_code == 1
    assert "the mock has no such world; did you mean shared?" in done.output


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--url", "http://127.0.0.1:{port}"], "no mock responds there"),
        (["--url", "localhost:4010"], "write the URL of the mock as http://127.0.0.1:4010"),
        (["--url", "nonsense"], "write the URL of the mock as http://"),
        (["--allow", "everything"], "'everything' is not one of"),
    ],
)
def test_a_verification_that_cannot_be_made_is_a_usage_error(
    options: list[str], complaint: str
) -> None:
    done = verify(*[option.format(port=free_port()) for option in options])
    assert done.exit_code == 2
    assert complaint in done.output
    assert "Traceback" not in done.output


def test_a_refusal_of_the_mock_is_passed_on(server: Serving) -> None:
    done = verify("--url", server.url, "--world", "not a name")
    assert done.exit_code == 2
    assert "not a name" in done.output


def test_a_mock_on_this_machine_is_reached_without_the_proxy_of_the_environment(
    server: Serving, jane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.get("/api/tickets", jane)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("NO_PROXY", "")
    done = verify("--url", server.url, "--world", jane.partition("@")[2])
    assert done.exit_code == 0, done.output
