"""A run with the extension: what it sends, judges and leaves alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from contract_tests.cli.check import check
from contract_tests.client.budget import EXTENSION, EXTENSION_WRITING
from contract_tests.client.local_mock import MOCK_TICKET, TOKENS, served
from contract_tests.client.safety import Guard, NotAllowed
from contract_tests.client.target import Target, Tokens
from contract_tests.laws import requirements
from contract_tests.laws.requirements import EXTENSION as PREFIX
from contract_tests.observations.exchange import Exchange
from contract_tests.report.formats import html
from contract_tests.report.masking.data_mask import data_mask
from contract_tests.report.records.record import record
from contract_tests.report.records.setting import Setting
from contract_tests.run.options import RunOptions
from contract_tests.run.outcome import Outcome
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo_journal import UndoJournal
from mockserver.contract.operations import Contract

MOCK = ("mockserver", "serve", "--port", "0", "--quiet")
STATEMENTS = {name for name in requirements.load() if name.startswith(PREFIX)}
OF_WRITES = {
    *("extension.reply", "extension.forward", "extension.note", "extension.team"),
    *("extension.team.validation", "extension.write.nothing_else", "extension.access.forbidden"),
    *(f"extension.messages.{name}" for name in ("stored", "activity", "effects", "validation")),
    *(f"extension.tag.{name}" for name in ("add", "remove", "twice", "missing")),
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(*MOCK, "--clock", "2026-05-01T09:00:00Z") as running:
        yield running


def run(
    url: str, profile: str, *tickets: int, folder: Path | None = None, tokens: Tokens = TOKENS
) -> Outcome:
    target = Target(url, tokens)
    order = RunOptions(
        profile,
        others=frozenset(name for name in ("other", "readonly") if getattr(tokens, name)),
        extension=True,
        extension_tickets=tickets,
    )
    writes = folder and WriteSession(UndoJournal.of(url, folder), ())
    return Run(target, Contract.load(), order, writes).carry_out()


def outcomes(outcome: Outcome, name: str) -> set[str]:
    return {f.requirement for f in outcome.findings if f.outcome == name}


def test_standard_confirms_every_statement_of_the_mock(url: str, tmp_path: Path) -> None:
    outcome = run(url, "standard", MOCK_TICKET, folder=tmp_path)
    assert outcomes(outcome, "violated") == set()
    assert STATEMENTS - outcomes(outcome, "holds") == set()
    assert outcome.restored
    assert not [entry for entry in outcome.restored if entry.outcome == "failed"]


def test_the_tags_are_as_before_and_the_messages_remain(url: str) -> None:
    def ticket() -> dict[str, list[dict[str, str]]]:
        headers = {"Authorization": f"Bearer {TOKENS.main}"}
        reply = requests.get(f"{url}/api/tickets/{MOCK_TICKET}", headers=headers, timeout=30)
        found: dict[str, list[dict[str, str]]] = reply.json()["ticket"]
        return found

    before = ticket()
    run(url, "quick", MOCK_TICKET)
    after = ticket()
    assert after["tags"] == before["tags"]
    new = after["messages"][len(before["messages"]) :]
    assert [message["type"] for message in new] == ["outbound", "outbound", "note"]


def test_tags_are_removed_when_the_run_ends_between(url: str) -> None:
    """The budget ends the run once the first tag has been added."""

    def tags() -> list[str]:
        headers = {"Authorization": f"Bearer {TOKENS.main}"}
        reply = requests.get(f"{url}/api/tickets/{MOCK_TICKET}", headers=headers, timeout=30)
        return [tag["name"] for tag in reply.json()["ticket"]["tags"]]

    before = tags()
    target = Target(url, TOKENS)

    def stop(exchange: Exchange) -> None:
        if exchange.request.method == "POST" and "/tags/" in exchange.request.path:
            assert tags() != before
            target.budget.requests = 0

    target.transport.listeners.append(stop)
    order = RunOptions("quick", extension=True, extension_tickets=(MOCK_TICKET,))
    Run(target, Contract.load(), order).carry_out()
    assert tags() == before


@pytest.mark.parametrize("profile", ["quick", "standard"])
def test_reading_the_extension_keeps_to_its_requests(url: str, profile: str) -> None:
    outcome = run(url, profile)
    assert outcome.extension is not None
    sent = outcome.extension.exchanges
    assert {exchange.request.method for exchange in sent} == {"GET"}
    assert len(sent) <= (EXTENSION[profile] or 0)
    assert outcomes(outcome, "violated") == set()
    assert outcomes(outcome, "holds") & OF_WRITES == set()


def test_the_writes_keep_to_their_requests(url: str) -> None:
    outcome = run(url, "quick", MOCK_TICKET)
    assert outcome.extension is not None
    written = [e for e in outcome.extension.exchanges if e.phase == "extension writing"]
    assert 20 < len(written) <= EXTENSION_WRITING


def test_a_deployment_of_the_page_alone_conforms() -> None:
    with served(*MOCK, "--only-page") as url:
        outcome = run(url, "quick", MOCK_TICKET)
    assert outcomes(outcome, "violated") == set()
    reasons = {f.message for f in outcome.findings if f.requirement == "extension.members"}
    assert reasons == {"the deployment does not have GET listMembers"}


def test_the_report_counts_the_operations_of_the_extension(url: str) -> None:
    body = record(run(url, "quick"), Setting(url, data_mask(TOKENS.secrets())))
    page = html.render(body, Contract.load())

    assert body["latency"]["listContacts"]["responses"] > 0
    assert "<h3>List contacts <span" in page


def test_the_variants_of_the_vendors_documents_conform() -> None:
    choices = ("--choose", "me=wrapped", "--choose", "tag_removal=empty")
    with served(*MOCK, *choices) as url:
        outcome = run(url, "quick", MOCK_TICKET)
    assert outcomes(outcome, "violated") == set()
    assert {"extension.me", "extension.tag.remove"} <= outcomes(outcome, "holds")


def test_a_token_that_may_only_read_accuses_nobody(url: str) -> None:
    tokens = replace(TOKENS, main=TOKENS.readonly or "", readonly=None)
    outcome = run(url, "quick", MOCK_TICKET, tokens=tokens)
    assert outcomes(outcome, "violated") == set()
    assert "the token may not write with the extension (403)" in outcome.notes


def test_a_search_that_finds_a_reply_late_accuses_nobody() -> None:
    with served("mockserver.defects", "lists-lag") as url:
        outcome = run(url, "quick", MOCK_TICKET)
    assert outcomes(outcome, "violated") == set()
    assert "extension.messages.effects" in outcomes(outcome, "holds")
    assert any(note.startswith("reads lag ") for note in outcome.notes)


def test_an_empty_workspace_accuses_nobody() -> None:
    with served(*MOCK, "--world", "empty") as url:
        outcome = run(url, "quick", 1, tokens=replace(TOKENS, other=None))
    assert outcomes(outcome, "violated") == set()


def test_a_ticket_that_does_not_exist_is_not_written(url: str) -> None:
    outcome = run(url, "quick", 999_999)
    assert any("999999 could not be read" in note for note in outcome.notes)
    assert outcome.extension is not None
    assert {e.request.method for e in outcome.extension.exchanges} == {"GET"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/tickets/43/reply"),
        ("POST", "/api/tickets/43/tags/1"),
        ("PUT", "/api/tickets/42/status"),
        ("POST", "/api/tickets/42/delete"),
        ("DELETE", "/api/tickets/42"),
        ("POST", "/api/contacts"),
    ],
)
def test_only_named_tickets_get_messages(method: str, path: str) -> None:
    guard = Guard("https://desk.example", extension=frozenset({42}))
    guard.check("POST", "https://desk.example", "/api/tickets/42/reply")
    with pytest.raises(NotAllowed):
        guard.check(method, "https://desk.example", path)


def test_without_the_option_nothing_but_the_page_is_requested(url: str) -> None:
    target = Target(url, TOKENS)
    outcome = Run(target, Contract.load(), RunOptions("quick")).carry_out()
    paths = {exchange.request.path.split("/")[2] for exchange in outcome.exchanges}
    assert paths == {"tickets"}
    assert not {f.requirement for f in outcome.findings} & STATEMENTS


def test_tickets_without_the_extension_are_a_usage_error(url: str) -> None:
    asked = ["--base-url", url, "--token", "jane", "--write-extension", "42"]
    result = CliRunner().invoke(check, asked)
    assert (result.exit_code, "--write-extension needs --extension" in result.output) == (2, True)


def test_what_cannot_be_undone_is_said_before_it_is_done(url: str) -> None:
    asked = ["--base-url", url, "--token", "jane", "--profile", "quick", "--extension"]
    asked += ["--write-extension", str(MOCK_TICKET)]
    plan = CliRunner().invoke(check, [*asked, "--plan"])
    assert "This cannot be undone" in plan.output
    done = CliRunner().invoke(check, [*asked, "--strict"])
    assert done.exit_code == 0, done.output
    assert done.output.index("This cannot be undone") < done.output.index("CONFORMING")
