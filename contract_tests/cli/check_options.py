"""The options of a check: the values of the command line, validated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from contract_tests.cli import options
from contract_tests.client import local_mock
from contract_tests.client.safety import TicketScope
from contract_tests.client.target import Tokens
from contract_tests.run.options import RunOptions
from mockserver.contract import resources

Given = Mapping[str, Any]
"""Parameter of the command → its value."""


@dataclass(frozen=True)
class CheckOptions:
    """The options of a check.

    `url` is None when the mock is to be started. `write` names the tickets that may be written,
    none for any; None forbids writing.
    """

    url: str | None
    tokens: Tokens
    run_options: RunOptions
    contract: Path
    rate: str | None = None
    retries: int = 3
    max_time: float | None = None
    ca_bundle: Path | None = None
    settle: float = 5.0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    write: tuple[int, ...] | None = None
    undo_file: Path | None = None
    finish_undo: bool = False
    strict: bool = False
    show_data: bool = False


def read(given: Given) -> CheckOptions:
    """Return the options of a check; raises UsageError or BadParameter."""
    url = options.base_url(given["base_url"], with_path=True)
    tokens = _tokens(given, url)
    write = options.write_tickets(given["write_tickets"])
    return CheckOptions(
        url=url,
        tokens=tokens,
        run_options=_run_options(given, url, tokens, write or ()),
        contract=given["contract"] or resources.contract(),
        rate=given["rate"],
        retries=given["retries"],
        max_time=given["max_time"],
        ca_bundle=given["ca_bundle"],
        settle=given["settle"],
        headers=options.headers(given["headers"]),
        write=() if url is None and write is None else write,
        undo_file=given["undo_file"],
        finish_undo=given["finish_undo"],
        strict=given["strict"],
        show_data=given["show_data"],
    )


def _tokens(given: Given, url: str | None) -> Tokens:
    if url is None:
        return local_mock.TOKENS
    named = {
        "CONTRACT_TOKEN": given["token"],
        "CONTRACT_OTHER_TOKEN": given["other_token"],
        "CONTRACT_READONLY_TOKEN": given["readonly_token"],
    }
    tokens = options.tokens(named, given["token_file"])
    if tokens is None:
        raise click.UsageError("no token given; set CONTRACT_TOKEN, or use --token-file or --token")
    return tokens


def _run_options(given: Given, url: str | None, tokens: Tokens, write: Iterable[int]) -> RunOptions:
    extension_tickets = options.extension_tickets(given, url)
    scope = TicketScope(
        frozenset(options.ids("--skip-tickets", given["skip_tickets"])),
        frozenset(options.ids("--only-channels", given["only_channels"])),
    )
    for option, named in (("--write-tickets", write), ("--write-extension", extension_tickets)):
        for ticket in scope.skipped.intersection(named):
            raise click.UsageError(f"--skip-tickets and {option} both name ticket {ticket}")
    others = {"other": tokens.other, "readonly": tokens.readonly}
    return RunOptions(
        profile=given["profile"],
        seed=given["seed"],
        only=given["only"],
        skip=given["skip"],
        others=frozenset(name for name, token in others.items() if token),
        max_requests=given["max_requests"],
        strict_fields=given["strict_fields"],
        extension=given["extension"],
        extension_tickets=extension_tickets,
        scope=scope,
        base_path=options.base_path(given["base_url"]),
    )
