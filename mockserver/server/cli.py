"""mockserver: the command line; `serve`, the listings, and `verify`."""

import json
import sys
from pathlib import Path

import click

from mockserver import __version__
from mockserver.api.faults import GRAMMAR
from mockserver.api.operations import HANDLERS
from mockserver.api.operations.declared import DeclaredOperations
from mockserver.contract import choices, resources
from mockserver.contract.command_line import Command
from mockserver.contract.document.bundle import write_yaml
from mockserver.contract.operations import Contract
from mockserver.contract.request_check import KINDS
from mockserver.seed import load_world
from mockserver.server.command import serve


class ServeByDefault(click.Group):
    """Runs `mockserver serve` when no command is given."""

    command_class = Command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        completing_a_command = not args and ctx.resilient_parsing
        own = completing_a_command or args[:1] in (["--help"], ["-h"], ["--version"])
        if not own and (not args or args[0].startswith("-")):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options of serving, as that is the default."""
        self.format_commands(ctx, formatter)
        serve.format_options(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        serve.format_epilog(ctx, formatter)


@click.group(
    "mockserver", cls=ServeByDefault, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """Stateful mock of the There There Tickets API.

    Without a command, `mockserver` serves. These are the options of serving; `mockserver COMMAND
    --help` lists those of another command.
    """


main.add_command(serve)


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
    """List the operations: where each is documented, and its function or source of answers."""
    document = Contract.load(Path(contract) if contract else None)
    declared = DeclaredOperations(document)
    if world:
        declared.use(load_world(world))
    for operation in document.operations.values():
        place = declared.source(operation)
        if handler := HANDLERS.get(operation.id):
            place = f"{handler.__module__}.{handler.__name__}"
        documented = operation.evidence or "-"
        line = f"{operation.method:6} {operation.path:29} {operation.id:21} {documented:7} {place}"
        click.echo(line)


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
@click.option(
    "--url",
    default="http://127.0.0.1:4010",
    show_default=True,
    envvar="MOCKSERVER_URL",
    show_envvar=True,
    help="URL of the mock.",
)
@click.option(
    "--world", help="Name of the world whose requests are checked.  [default: every world]"
)
@click.option(
    "--admin-token",
    metavar="TOKEN",
    envvar="MOCKSERVER_ADMIN_TOKEN",
    show_envvar=True,
    help="The mock's --admin-token.",
)
@click.option(
    "--allow",
    multiple=True,
    type=click.Choice(KINDS),
    metavar="KIND",
    help=f"Kind of finding to ignore: {', '.join(KINDS)}. Repeatable.",
)
def verify(url: str, world: str | None, admin_token: str | None, allow: tuple[str, ...]) -> None:
    """Exit with 1 if the app sent a request that violates the contract."""
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
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--healthy", is_flag=True, help="List the unusual but conforming variants instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_defects(words: tuple[str, ...], healthy: bool, as_json: bool) -> None:
    """List the contract violations that --defect adds; with WORDs, those that have all of them.

    A line has the name of a defect; what it breaks: a family, such as filters, and the statement
    of the contract; whether reading shows it, or only writing; and its rarity: which requests or
    tickets have it. "one-row-in-30" is one ticket in 30, always the same, "every-7th-request"
    the 7th, 14th and so on, "page-2-on" every page but the first, "after-a-change" a ticket that
    was changed, "large-replies" responses above a size, and "closed-only" closed tickets alone.
    """
    from mockserver.defects import entries  # noqa: PLC0415 - keeps starting quick
    from mockserver.defects.healthy_variants import HEALTHY, healthy_entries  # noqa: PLC0415 - as above

    if as_json:
        click.echo(json.dumps(healthy_entries() if healthy else entries(words), indent=2))
        return
    if healthy:
        click.echo("\n".join(HEALTHY))
        return
    heading = {name: name for name in ("name", "family", "requirement", "visible", "rarity")}
    line = "{name:41} {family:11} {requirement:36} {visible:8} {rarity}"
    for each in (heading, *entries(words)):
        click.echo(line.format(**each))
