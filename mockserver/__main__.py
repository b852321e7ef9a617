"""Command line of the mock: `mockserver serve`, the listings, and `mockserver verify`."""

import json
import sys
from pathlib import Path
from typing import Any, get_args

import click

from mockserver import __version__, server
from mockserver.api.faults import GRAMMAR
from mockserver.api.operations import HANDLERS
from mockserver.api.operations.declared import DeclaredOperations
from mockserver.config import Config
from mockserver.contract import choices, resources
from mockserver.contract.bundle import write_yaml
from mockserver.contract.command_line import Command, Options
from mockserver.contract.loopback import is_loopback
from mockserver.contract.operations import Contract
from mockserver.contract.request_check import KINDS
from mockserver.seed import load_world
from mockserver.server import LOOPBACK
from mockserver.server.request_log import Format
from mockserver.store import MAX_WORLDS

_GREETING = """\
There There mock on {url}  (Ctrl-C stops it)
  try   curl -g "{url}/api/tickets?filter[status]=open&per_page=10" -H "Authorization: Bearer jane"
  docs  {url}/docs"""
_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared, not listened on
_OPEN = "  note  other machines can reach this mock"
_ADMIN_DISABLED = "; the admin API and the inspector are disabled, --admin-token enables them"


class ServeByDefault(click.Group):
    """Runs `mockserver serve` when no command is given."""

    command_class = Command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")):
            args = ["serve", *args]
        return super().parse_args(ctx, args)


@click.group(
    "mockserver", cls=ServeByDefault, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """Stateful mock of the There There Tickets API.

    Without a command, `mockserver` runs `mockserver serve`, whose options are listed by
    `mockserver serve --help`.
    """


_NETWORK, _WORLD = Options("Network"), Options("World")
_BEHAVIOR, _OUTPUT = Options("Behavior"), Options("Output")


@main.command()
@_NETWORK.add(
    "--host",
    default=LOOPBACK,
    show_default="127.0.0.1 and ::1",
    help="Address to listen on.",
)
@_NETWORK.add(
    "--port",
    default=4010,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 selects a free port.",
)
@_NETWORK.add(
    "--admin-token",
    metavar="TOKEN",
    envvar="MOCKSERVER_ADMIN_TOKEN",
    show_envvar=True,
    help="Token for the admin API under /_mock. Required when --host is not a loopback address.",
)
@_NETWORK.add(
    "--public-url",
    metavar="URL",
    help="URL under which clients reach this mock, for example behind a reverse proxy.",
)
@_NETWORK.add(
    "--trust-proxy",
    is_flag=True,
    help="Take scheme, host and prefix from the X-Forwarded headers of a reverse proxy.",
)
@_NETWORK.add("--admin-cors", is_flag=True, help="Allow pages of any origin to use the admin API.")
@_WORLD.add("--world", help="Name of a shipped world, or path of a world file.  [default: demo]")
@_WORLD.add(
    "--seed",
    type=int,
    help="Random seed; the same seed generates the same tickets.  [default: 1]",
)
@_WORLD.add(
    "--tickets",
    type=click.IntRange(0, 5_000_000),
    help="Number of tickets.  [default: from the world file]",
)
@_WORLD.add("--locale", help="Locale of generated names, for example de_DE.  [default: en_US]")
@_WORLD.add("--clock", metavar="ISO8601", help="Freeze the clock at this time.")
@_WORLD.add(
    "--database",
    metavar="URL",
    help="Database that keeps the state: sqlite:///mock.db, or postgresql+psycopg://… to share it "
    "between several mocks.  [default: temporary]",
)
@_WORLD.add(
    "--max-worlds",
    default=MAX_WORLDS,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="Maximum number of private worlds; the least recently used is deleted first.",
)
@_WORLD.add(
    "--activity",
    default=0.0,
    metavar="N",
    type=click.FloatRange(0, 50),
    help="Simulate N actions per second by contacts and agents in the shared world.",
)
@_BEHAVIOR.add(
    "--rate-limit", "rate", metavar="60/minute", help="Limit the number of requests of each user."
)
@_BEHAVIOR.add(
    "--choose",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a behavior that the vendor does not document; `mockserver choices` lists them. "
    "Repeatable.",
)
@_BEHAVIOR.add(
    "--fault",
    "faults",
    multiple=True,
    metavar="FAULT",
    help="Inject a fault, for example error=3%:500,503; `mockserver faults` explains the syntax. "
    "Repeatable.",
)
@_BEHAVIOR.add(
    "--defect",
    "defects",
    multiple=True,
    metavar="NAME",
    help="Violate the contract on purpose; `mockserver defects` lists the names. Repeatable.",
)
@_BEHAVIOR.add("--contract", metavar="FILE", help="Serve another openapi.yaml.")
@_BEHAVIOR.add(
    "--check/--no-check",
    default=True,
    show_default=True,
    help="Validate each response against the contract.",
)
@_BEHAVIOR.add(
    "--reload", is_flag=True, help="Reload openapi.yaml and the world file when they change."
)
@_OUTPUT.add("--quiet", "-q", is_flag=True, help="Print no line for each request.")
@_OUTPUT.add(
    "--log-format",
    default="text",
    show_default=True,
    type=click.Choice(get_args(Format)),
    help="Format of these lines.",
)
def serve(port: int, settings: tuple[str, ...], **options: Any) -> None:
    """Serve the API until interrupted with Ctrl-C."""
    reload, quiet, form = (options.pop(name) for name in ("reload", "quiet", "log_format"))
    config = Config(choices=choices.choose(settings), **options)
    server.serve(
        config,
        port,
        lambda bound: _greet(config, bound),
        reload=reload,
        log=None if quiet else form,
    )


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
def spec(as_json: bool) -> None:
    """Print the OpenAPI document in one file."""
    document = Contract.load().document
    if as_json:
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        click.echo(write_yaml(document), nl=False)


@main.command()
@click.option("--contract", metavar="FILE", help="OpenAPI document of your own.")
@click.option("--world", metavar="FILE", help="World file with collections.")
def routes(contract: str | None, world: str | None) -> None:
    """List the operations, each with its function or what it is answered from."""
    document = Contract.load(Path(contract) if contract else None)
    declared = DeclaredOperations(document)
    declared.use(load_world(world).collections if world else {})
    for operation in document.operations.values():
        place = declared.source(operation)
        if handler := HANDLERS.get(operation.id):
            place = f"{handler.__module__}.{handler.__name__}"
        click.echo(f"{operation.method:6} {operation.path:28} {operation.id:22} {place}")


@main.command()
def worlds() -> None:
    """List the shipped worlds."""
    for path in sorted(resources.worlds().glob("*.yaml")):
        world = load_world(path.stem)
        click.echo(f"{world.name:8} {' '.join(world.description.split())}")


@main.command("choices")
def list_choices() -> None:
    """List the behaviors that the vendor does not document, with their possible values."""
    for question in choices.questions():
        values = " | ".join(
            f"[{value}]" if value == question.default else value for value in question.values
        )
        click.echo(f"{question.number:4} {question.name:19} {values:31} {question.reason}")


@main.command()
@click.option("--url", default="http://127.0.0.1:4010", show_default=True, help="URL of the mock.")
@click.option(
    "--world", help="Name of the world whose requests are checked.  [default: every world]"
)
@click.option("--admin-token", metavar="TOKEN", help="The mock's --admin-token.")
@click.option(
    "--allow",
    multiple=True,
    type=click.Choice(KINDS),
    metavar="KIND",
    help=f"Kind of finding to ignore: {', '.join(KINDS)}. Repeatable.",
)
def verify(url: str, world: str | None, admin_token: str | None, allow: tuple[str, ...]) -> None:
    """Exit with 1 if a recorded request of the application under test violates the contract."""
    from mockserver.journal.verify import complaints, fetch_verdict  # noqa: PLC0415 - keeps starting quick

    verdict = fetch_verdict(url, world, admin_token)
    lines = complaints(verdict, allow)
    for line in lines:
        click.echo(line)
    if lines:
        sys.exit(1)
    click.echo(f"{verdict['requests']} requests, none violates the contract")


@main.command("faults")
def explain_faults() -> None:
    """Explain the syntax of --fault."""
    click.echo(GRAMMAR)


@main.command("defects")
@click.option("--healthy", is_flag=True, help="List the unusual but conforming variants instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_defects(healthy: bool, as_json: bool) -> None:
    """List the contract violations that --defect adds."""
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


def _greet(config: Config, port: int) -> None:
    host = config.host
    if host in (LOOPBACK, *_ANY_ADDRESS):
        host = "127.0.0.1"
    name = f"[{host}]" if ":" in host else host
    click.echo(_GREETING.format(url=f"http://{name}:{port}"))
    if not is_loopback(config.host):
        click.echo(_OPEN if config.admin_token else f"{_OPEN}{_ADMIN_DISABLED}")
    sys.stdout.flush()


if __name__ == "__main__":
    main(prog_name="mockserver")
