"""One check of a deployment, from the options to the record."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from contract_tests.adaptations import contract_patch
from contract_tests.adaptations.adaptation import Adaptation
from contract_tests.cli import options
from contract_tests.client import local_mock
from contract_tests.client.budget import Budget, Pace
from contract_tests.client.errors import CannotRun
from contract_tests.client.http.response_limits import MAX_BYTES
from contract_tests.client.safety import TicketScope
from contract_tests.client.target import ClientOptions, Target, Tokens
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.generated.generate import Generate, generate
from contract_tests.report.masking.data_mask import data_mask
from contract_tests.report.progress import Progress
from contract_tests.report.records.record import record
from contract_tests.report.records.setting import Setting
from contract_tests.run.options import RunOptions
from contract_tests.run.outcome import Outcome
from contract_tests.run.planned_requests import PlannedRun
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo import undo
from contract_tests.writes.undo_journal import UndoJournal, left_with_other_tokens, state_folder
from mockserver.contract import resources
from mockserver.contract.document.bundle import bundle
from mockserver.contract.errors import SpecError
from mockserver.contract.operations import Contract

Record = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """The options of a run, checked."""

    url: str | None
    tokens: Tokens
    order: RunOptions
    rate: str | None
    retries: int
    max_time: float | None
    write: tuple[int, ...] | None
    finish_undo: bool
    setting: dict[str, bool]
    contract: Path
    max_bytes: int = MAX_BYTES
    ca_bundle: Path | None = None
    settle: float = 5.0
    undo_file: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def one(choice: Choice) -> Record:
    """Check once and return the record; raises CannotRun."""
    with _deployment(choice) as url:
        return _check_deployment(choice, url)


def plan_of(choice: Choice) -> PlannedRun:
    """Return the plan of a check, without the numbers that only a dry run tells."""
    pace = options.pace(choice.rate, choice.url) if choice.url else Pace()
    return PlannedRun(choice.order, pace, choice.write)


def dry_run(choice: Choice) -> Outcome:
    """Run the plan of a check against the mock instead; raises CannotRun."""
    withdrawn = local_mock.TOKENS.withdrawn if choice.tokens.withdrawn else None
    mine = replace(
        choice,
        url=None,
        tokens=replace(local_mock.TOKENS, withdrawn=withdrawn),
        order=replace(
            choice.order,
            scope=TicketScope(),
            extension_tickets=tuple(
                local_mock.MOCK_TICKET for _ in choice.order.extension_tickets[:1]
            ),
        ),
        max_time=None,
        rate="off",
        write=None if choice.write is None else (),
        undo_file=None,
    )
    with _deployment(mine) as url:
        return _outcome(mine, url, None)


@contextmanager
def _deployment(choice: Choice) -> Iterator[str]:
    if choice.url is not None:
        yield choice.url
        return
    with local_mock.mock() as url:
        yield url


def _check_deployment(choice: Choice, url: str) -> Record:
    outcome = _outcome(choice, url, generate)
    outcome.notes += plan_of(choice).notes(outcome.exchanges)
    return record(outcome, _setting(choice, url, outcome))


def _outcome(choice: Choice, url: str, generate: Generate | None) -> Outcome:
    # Hypothesis would otherwise leave a folder in the current one.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(state_folder() / "hypothesis"))
    budget = Budget(seconds=choice.max_time, maximum=choice.order.max_requests)
    client_options = ClientOptions(
        budget,
        options.pace(choice.rate, url),
        choice.retries,
        max_bytes=choice.max_bytes,
        ca_bundle=choice.ca_bundle,
        settle=choice.settle,
        headers=choice.headers,
    )
    target = Target(url, choice.tokens, client_options)
    progress = Progress(budget)
    target.transport.listeners.append(progress)
    contract, agreed = _contract(choice.contract)
    journal = _undo_journal(choice, url)
    write_session = None if choice.write is None else WriteSession(journal, choice.write)
    order = replace(choice.order, agreed=agreed)
    run = Run(target, contract, order, write_session)
    try:
        _finish_undo(choice, run.explorer, journal)
        return run.carry_out(generate)
    finally:
        progress.close()


def _contract(path: Path) -> tuple[Contract, tuple[Adaptation, ...]]:
    """Return the contract by the documented names, and what it says of other ones."""
    try:
        document, agreed = contract_patch.restored(bundle(path))
        return Contract(document), tuple(agreed)
    except SpecError as error:
        raise CannotRun(f"--contract {path}: {error}") from None
    except (KeyError, TypeError, IndexError, AttributeError):
        words = "its x-adaptations cannot be read; apply the overlay to the contract again"
        raise CannotRun(f"--contract {path}: {words}") from None


def _undo_journal(choice: Choice, url: str) -> UndoJournal:
    """Open the undo journal; says so when another token left one for the deployment."""
    token = choice.tokens.main
    if choice.undo_file is not None:
        return UndoJournal.at(choice.undo_file, url, token)
    for path in left_with_other_tokens(url, token):
        words = f"An interrupted run with another token left writes: {path}. Undo them with it."
        click.secho(words, fg="yellow", err=True)
    return UndoJournal.of(url, token=token)


def _finish_undo(choice: Choice, explorer: Explorer, journal: UndoJournal) -> None:
    """Undo what an interrupted run left, when writing is allowed; otherwise say so."""
    if not journal.entries:
        return
    tickets = ", ".join(map(str, sorted(journal.tickets())))
    allowed = (
        choice.finish_undo
        or choice.write == ()
        or (choice.write is not None and journal.tickets() <= set(choice.write))
    )
    if not allowed and sys.stdin.isatty():
        allowed = click.confirm(f"An interrupted run left writes to tickets {tickets}. Undo them?")
    if not allowed:
        words = f"An interrupted run left writes to tickets {tickets}; --undo puts them back."
        click.secho(words, fg="yellow", err=True)
        return
    results = undo(explorer, journal)
    stuck = [
        f"{result.ticket} ({result.field}, which was {result.original})"
        for result in results
        if result.outcome == "failed"
    ]
    if stuck:
        raise CannotRun(f"an interrupted run's writes could not be undone: {', '.join(stuck)}")
    click.secho(f"Undid what an interrupted run left on tickets {tickets}.", err=True)


def _setting(choice: Choice, url: str, outcome: Outcome) -> Setting:
    secrets = [*choice.tokens.secrets(), *choice.headers.values()]
    mask = data_mask(secrets, show_data=choice.setting["show_data"])
    command = ["contract-tests", "--profile", outcome.order.profile]
    if choice.contract != resources.contract():
        command += ["--contract", str(choice.contract)]
    if choice.url is not None:
        command += ["--base-url", url + choice.order.base_path]
        for name in choice.headers:
            command += ["--header", f"{name}: VALUE"]
        if choice.write is not None:
            command += ["--write-tickets", ",".join(map(str, choice.write)) or "any"]
    if choice.order.extension:
        command.append("--extension")
        if choice.url is not None and choice.order.extension_tickets:
            command += ["--write-extension", ",".join(map(str, choice.order.extension_tickets))]
    return Setting(
        base_url=url,
        mask=mask,
        strict=choice.setting["strict"],
        command=tuple(command),
        contract=choice.contract,
        headers=tuple(choice.headers),
    )
