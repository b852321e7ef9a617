"""The command `mockserver serve`, and its options."""

import os
from pathlib import Path
from typing import Any, get_args

import click
from click.shell_completion import CompletionItem

from mockserver.config import Config
from mockserver.contract import choices, resources
from mockserver.contract.command_line import Command, Options, one_line_errors, option_name
from mockserver.server import process
from mockserver.server.greeting import address, greet
from mockserver.server.option_sources import check_environment, read_options, variable
from mockserver.server.request_log import Format
from mockserver.server.socket import LOOPBACK
from mockserver.store import MAX_WORLDS, Store

_SOURCES = (
    "Every option is also an environment variable (--rate-limit is MOCKSERVER_RATE_LIMIT; of a "
    "repeatable one, ; separates the values) and a key of mockserver.toml, or of [tool.mockserver] "
    "in pyproject.toml, in the current folder. The command line comes first, then the environment."
)


class ServeCommand(Command):
    """Takes options from the environment and from a file as well."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, epilog=_SOURCES, **more)
        for option in self.options:
            option.envvar = variable(option_name(option))
            if option.multiple:
                option.type = _Texts()

    @property
    def options(self) -> list[click.Option]:
        return [each for each in self.params if isinstance(each, click.Option)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing and not {"-h", "--help"}.intersection(args):
            with one_line_errors(ctx):
                named = {option_name(option): option for option in self.options}
                check_environment(os.environ, named)
                ctx.default_map = read_options(Path.cwd(), named)
        return super().parse_args(ctx, args)


class _Texts(click.types.StringParamType):
    """Texts that may have spaces."""

    envvar_list_splitter = ";"


class _Number(click.IntRange):
    """A whole number; click would call it an "integer range"."""

    name = "number"


class _AnyNumber(click.types.IntParamType):
    """A whole number without limits."""

    name = "number"


def _complete_worlds(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the shipped worlds, and let the shell add files."""
    names = sorted(path.stem for path in resources.worlds().glob("*.yaml"))
    found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return [*found, CompletionItem(incomplete, type="file")]


_NETWORK, _WORLD = Options("Network"), Options("World")
_BEHAVIOR, _OUTPUT = Options("Behavior"), Options("Output")


@click.command("serve", cls=ServeCommand)
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
    type=_Number(0, 65535),
    help="Port to listen on; 0 selects a free port.",
)
@_NETWORK.add(
    "--admin-token",
    metavar="TOKEN",
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
@_WORLD.add(
    "--world",
    shell_complete=_complete_worlds,
    help="Name of a shipped world, or path of a world file.  [default: demo]",
)
@_WORLD.add(
    "--seed",
    type=_AnyNumber(),
    help="Random seed; the same seed generates the same tickets.  [default: 1]",
)
@_WORLD.add(
    "--tickets",
    type=_Number(0, 5_000_000),
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
    type=_Number(1, 1_000_000),
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
    "--only-page",
    is_flag=True,
    help="Serve only the four operations of the vendor's Tickets page, without the extension.",
)
@_BEHAVIOR.add(
    "--upstream",
    metavar="URL",
    help="Pass requests that the contract does not know on to this server.",
)
@_BEHAVIOR.add(
    "--check/--no-check",
    default=True,
    show_default=True,
    help="Validate each response against the contract.",
)
@_BEHAVIOR.add(
    "--reload",
    "--watch",
    is_flag=True,
    help="Reload openapi.yaml and the world file when they change.",
)
@_OUTPUT.add("--open", "open_browser", is_flag=True, help="Open the inspector in a browser.")
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
    reload, upstream = options.pop("reload"), options.pop("upstream")
    quiet, form, opens = (options.pop(name) for name in ("quiet", "log_format", "open_browser"))
    config = Config(choices=choices.choose(settings), **options)

    def ready(bound: int, store: Store) -> None:
        greet(config, bound, store)
        if opens:
            click.launch(address(config, bound))

    log = None if quiet else form
    process.serve(config, port, ready, reload=reload, log=log, upstream=upstream)
