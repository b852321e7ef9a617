"""The check of a deployment, from the options to the record, and its plan."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from contract_tests.adaptations import contract_patch
from contract_tests.adaptations.adaptation import Adaptation
from contract_tests.cli import options
from contract_tests.cli.check_options import CheckOptions
from contract_tests.client import local_mock
from contract_tests.client.budget import Budget, Pace
from contract_tests.client.errors import CannotRun
from contract_tests.client.safety import TicketScope
from contract_tests.client.signals import deferring_signals
from contract_tests.client.target import ClientOptions, Target
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.generated.generate import Generate, generate
from contract_tests.report import wording
from contract_tests.report.masking.data_mask import data_mask
from contract_tests.report.progress import Progress
from contract_tests.report.records.record import record
from contract_tests.report.records.setting import Setting
from contract_tests.run.outcome import Outcome
from contract_tests.run.planned_requests import PlannedRun
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo import undo
from contract_tests.writes.undo_journal import UndoJournal, left_with_other_tokens, state_folder
from mockserver.contract import resources
from mockserver.contract.document.bundle import bundle
from mockserver.contract.errors import SpecError
from mockserver.contract.operations import PAGE_OPERATIONS, Contract

Record = dict[str, Any]


def check_deployment(chosen: CheckOptions) -> Record:
    """Check and return the record; raises CannotRun."""
    with local_mock.deployment(chosen.url) as url:
        outcome = _outcome(chosen, url, generate)
        outcome.notes += plan_of(chosen).notes(outcome.exchanges)
        return record(outcome, _setting(chosen, url, outcome))


def plan_of(chosen: CheckOptions) -> PlannedRun:
    """Return the plan of a check, without the numbers that only a dry run tells."""
    pace = options.pace(chosen.rate, chosen.url) if chosen.url else Pace()
    return PlannedRun(chosen.run_options, pace, chosen.write)


def dry_run(chosen: CheckOptions) -> Outcome:
    """Run the plan of a check against the mock instead; raises CannotRun."""
    withdrawn = local_mock.TOKENS.withdrawn if chosen.tokens.withdrawn else None
    mine = replace(
        chosen,
        url=None,
        tokens=replace(local_mock.TOKENS, withdrawn=withdrawn),
        run_options=replace(
            chosen.run_options,
            scope=TicketScope(),
            base_path="",
            extension_tickets=tuple(
                local_mock.MOCK_TICKET for _ in chosen.run_options.extension_tickets[:1]
            ),
        ),
        max_time=None,
        rate="off",
        write=None if chosen.write is None else (),
        undo_file=None,
    )
    with local_mock.deployment(None) as url:
        return _outcome(mine, url, None)


def _outcome(chosen: CheckOptions, url: str, generate: Generate | None) -> Outcome:
    # Hypothesis would otherwise leave a folder in the current one.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(state_folder() / "hypothesis"))
    budget = Budget(seconds=chosen.max_time, maximum=chosen.run_options.max_requests)
    client_options = ClientOptions(
        budget,
        options.pace(chosen.rate, url),
        chosen.retries,
        ca_bundle=chosen.ca_bundle,
        settle=chosen.settle,
        headers=chosen.headers,
    )
    target = Target(url, chosen.tokens, client_options)
    progress = Progress(budget)
    target.transport.listeners.append(progress)
    contract, agreed = _contract(chosen.contract)
    journal = _undo_journal(chosen, url)
    write_session = None if chosen.write is None else WriteSession(journal, chosen.write)
    if write_session is not None:
        journal.require_writable()
    run_options = replace(chosen.run_options, agreed=agreed)
    run = Run(target, contract, run_options, write_session)
    try:
        _finish_undo(chosen, run.explorer, journal)
        return run.carry_out(generate)
    finally:
        progress.close()


def _contract(path: Path) -> tuple[Contract, tuple[Adaptation, ...]]:
    """Return the contract with the documented names, and the adaptations that an overlay added."""
    try:
        document, agreed = contract_patch.restored(bundle(path))
        contract = Contract(document)
    except SpecError as error:
        raise CannotRun(f"--contract {path}: {error}") from None
    except (KeyError, TypeError, IndexError, AttributeError):
        words = "its x-adaptations cannot be read; apply the overlay to the contract again"
        raise CannotRun(f"--contract {path}: {words}") from None
    if missing := sorted(PAGE_OPERATIONS - set(contract.operations)):
        raise CannotRun(f"--contract {path}: it documents no operation {missing[0]}")
    return contract, tuple(agreed)


def _undo_journal(chosen: CheckOptions, url: str) -> UndoJournal:
    """Open the undo journal; print a warning if another token left one for the deployment."""
    token = chosen.tokens.main
    if chosen.undo_file is not None:
        return UndoJournal.at(chosen.undo_file, url, token)
    for path in left_with_other_tokens(url, token):
        words = f"An earlier run with another token left writes: {path}. Undo them with that token."
        click.secho(words, fg="yellow", err=True)
    return UndoJournal.of(url, token=token)


def _finish_undo(chosen: CheckOptions, explorer: Explorer, journal: UndoJournal) -> None:
    """Undo the changes that an earlier run left if writing is allowed; otherwise say so."""
    if not journal.entries:
        return
    tickets = ", ".join(map(str, sorted(journal.tickets())))
    allowed = (
        chosen.finish_undo
        or chosen.write == ()
        or (chosen.write is not None and journal.tickets() <= set(chosen.write))
    )
    if not allowed and sys.stdin.isatty():
        allowed = click.confirm(f"An earlier run left writes to tickets {tickets}. Undo them?")
    if not allowed:
        words = f"An earlier run left writes to tickets {tickets}; --undo puts them back."
        click.secho(words, fg="yellow", err=True)
        return
    with deferring_signals():
        results = undo(explorer, journal)
    stuck = [
        f"{result.ticket} ({result.field}, which was {wording.value(result.original)})"
        for result in results
        if result.outcome == "failed"
    ]
    if stuck:
        raise CannotRun(f"an earlier run's writes could not be undone: {', '.join(stuck)}")
    click.secho(f"Undid what an earlier run left on tickets {tickets}.", err=True)


def _setting(chosen: CheckOptions, url: str, outcome: Outcome) -> Setting:
    secrets = [*chosen.tokens.secrets(), *chosen.headers.values()]
    mask = data_mask(secrets, show_data=chosen.show_data)
    command = ["contract-tests", "--profile", outcome.run_options.profile]
    if chosen.contract != resources.contract():
        command += ["--contract", str(chosen.contract)]
    if chosen.url is not None:
        command += ["--base-url", url + chosen.run_options.base_path]
        for name in chosen.headers:
            command += ["--header", f"{name}: VALUE"]
        if chosen.write is not None:
            command += ["--write-tickets", ",".join(map(str, chosen.write)) or "any"]
    if chosen.run_options.extension:
        command.append("--extension")
        if chosen.url is not None and chosen.run_options.extension_tickets:
            command += [
                "--write-extension",
                ",".join(map(str, chosen.run_options.extension_tickets)),
            ]
    return Setting(
        base_url=url,
        mask=mask,
        strict=chosen.strict,
        command=tuple(command),
        contract=chosen.contract,
        headers=tuple(chosen.headers),
    )
