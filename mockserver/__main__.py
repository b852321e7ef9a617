"""The command line: mockserver serve, the lists it offers, and verify."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import click

from mockserver import __version__, server
from mockserver.api.faults import GRAMMAR
from mockserver.api.operations import HANDLERS
from mockserver.config import Config
from mockserver.contract import choices, resources
from mockserver.contract.bundle import write_yaml
from mockserver.contract.cli_errors import GuardedCommand
from mockserver.contract.errors import MockError
from mockserver.contract.operations import Contract
from mockserver.journal.validation import KINDS
from mockserver.seed import load_world
from mockserver.server import LOOPBACK
from mockserver.store import MAX_WORLDS

P = ParamSpec("P")

_GREETING = """\
There There mock on {url}  (Ctrl-C stops it)
  try   curl -g "{url}/api/tickets?filter[status]=open&per_page=10" -H "Authorization: Bearer jane"
  docs  {url}/docs"""


class DefaultToServe(click.Group):
    """A bare `mockserver`, or one with options only, means `mockserver serve`."""

    command_class = GuardedCommand

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")):
            args = ["serve", *args]
        return super().parse_args(ctx, args)


def one_line_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Turn the mock's own errors into one line on stderr and exit status 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except MockError as error:
            click.echo(f"mockserver: {error}", err=True)
            sys.exit(2)

    return run


@click.group(cls=DefaultToServe, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """A stateful mock of the There There Tickets API; without a command it serves."""


@main.command()
@click.option(
    "--host",
    default=LOOPBACK,
    show_default="127.0.0.1 and ::1",
    help="Address to listen on.",
)
@click.option(
    "--port",
    default=4010,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0: any free port.",
)
@click.option("--world", help="A shipped world, or a world file's path.  [default: demo]")
@click.option("--seed", type=int, help="Another seed makes other tickets.  [default: 1]")
@click.option(
    "--tickets", type=click.IntRange(0, 5_000_000), help="How many.  [default: as the world says]"
)
@click.option("--locale", help="Whose names people have, such as de_DE.  [default: en_US]")
@click.option("--clock", metavar="ISO8601", help="Stand still at this time.")
@click.option(
    "--database",
    metavar="URL",
    help="Keep the state: sqlite:///mock.db, or postgresql+psycopg://… for several mocks.",
)
@click.option("--rate-limit", "rate", metavar="60/minute", help="Limit each user's requests.")
@click.option(
    "--choose",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Settle an open question; `mockserver choices` lists them.",
)
@click.option(
    "--check/--no-check",
    default=True,
    show_default=True,
    help="Check each reply against the contract.",
)
@click.option("--contract", metavar="FILE", help="Serve another openapi.yaml.")
@click.option(
    "--defect",
    "defects",
    multiple=True,
    metavar="NAME",
    help="Break the contract on purpose; `mockserver defects` lists how.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="FAULT",
    help="Let it go wrong, as in error=3%:500,503; `mockserver faults` explains.",
)
@click.option(
    "--max-worlds",
    default=MAX_WORLDS,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="Private worlds that stay; the least recently used goes first.",
)
@click.option(
    "--busy",
    default=0.0,
    metavar="N",
    type=click.FloatRange(0, 50),
    help="Let colleagues act in the shared world, N times a second.",
)
@click.option(
    "--admin-token",
    metavar="TOKEN",
    envvar="MOCKSERVER_ADMIN_TOKEN",
    help="What levers under /_mock ask for; needed where others than this machine reach them.",
)
@click.option("--control-cors", is_flag=True, help="Open the levers to pages of every origin.")
@click.option("--watch", is_flag=True, help="Take up openapi.yaml and the world when saved.")
@one_line_errors
def serve(port: int, settings: tuple[str, ...], watch: bool, **options: Any) -> None:
    """Serve the API until Ctrl-C."""
    config = Config(choices=choices.choose(settings), **options)
    server.serve(config, port, lambda bound: _greet(config.host, bound), watch=watch)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
@one_line_errors
def spec(as_json: bool) -> None:
    """Print the contract as one document."""
    document = Contract.load().document
    if as_json:
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        click.echo(write_yaml(document), nl=False)


@main.command()
@one_line_errors
def routes() -> None:
    """List the operations, and the functions that carry them out."""
    for operation in Contract.load().operations.values():
        handler = HANDLERS[operation.id]
        place = f"{handler.__module__}.{handler.__name__}"
        click.echo(f"{operation.method:4} {operation.path:28} {operation.id:22} {place}")


@main.command()
@one_line_errors
def worlds() -> None:
    """List the worlds that a mock can start in."""
    for path in sorted(resources.worlds().glob("*.yaml")):
        world = load_world(path.stem)
        click.echo(f"{world.name:8} {' '.join(world.description.split())}")


@main.command("choices")
def list_choices() -> None:
    """List the vendor's open questions, and how each may be settled."""
    for question in choices.questions():
        values = " | ".join(
            f"[{value}]" if value == question.default else value for value in question.values
        )
        click.echo(f"{question.number:4} {question.name:19} {values:31} {question.reason}")


@main.command()
@click.option("--url", default="http://127.0.0.1:4010", show_default=True, help="Of the mock.")
@click.option("--world", help="One world's requests.  [default: those of every world]")
@click.option("--admin-token", metavar="SECRET", help="As the mock was started with.")
@click.option(
    "--allow",
    multiple=True,
    type=click.Choice(KINDS),
    help="What the application does on purpose, such as wrong_value.",
)
@one_line_errors
def verify(url: str, world: str | None, admin_token: str | None, allow: tuple[str, ...]) -> None:
    """Exit with 1 if the application under test asked for what the contract does not know."""
    from mockserver.journal.verify import complaints, fetch_verdict  # noqa: PLC0415 - keeps starting quick

    verdict = fetch_verdict(url, world, admin_token)
    lines = complaints(verdict, allow)
    for line in lines:
        click.echo(line)
    if lines:
        sys.exit(1)
    click.echo(f"{verdict['requests']} requests, each one known to the contract")


@main.command("faults")
def explain_faults() -> None:
    """Explain how --fault is written."""
    click.echo(GRAMMAR)


@main.command("defects")
@click.option("--healthy", is_flag=True, help="List the strange but conforming mocks instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_defects(healthy: bool, as_json: bool) -> None:
    """List the contract violations that --defect plants."""
    from mockserver.defects import entries, table  # noqa: PLC0415 - keeps starting quick
    from mockserver.defects.healthy_variants import HEALTHY, healthy_entries  # noqa: PLC0415 - as above

    if as_json:
        click.echo(json.dumps(healthy_entries() if healthy else entries(), indent=2))
        return
    if healthy:
        click.echo("\n".join(HEALTHY))
        return
    for name, family, requirement, visible, rarity in table():
        click.echo(f"{name:41} {family:11} {requirement:36} {visible:8} {rarity}")


def _greet(host: str, port: int) -> None:
    name = "127.0.0.1" if host == LOOPBACK else f"[{host}]" if ":" in host else host
    click.echo(_GREETING.format(url=f"http://{name}:{port}"))
    sys.stdout.flush()


if __name__ == "__main__":
    main(prog_name="mockserver")
