"""Click classes: options under headings, and a group with a default command."""

from collections.abc import Callable
from typing import Any

import click

from mockserver.contract.cli_errors import GuardedCommand

DEFAULT = "check"
Function = Callable[..., Any]


class HeadedOption(click.Option):
    """An option that --help prints under a heading."""

    def __init__(self, *args: Any, heading: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.heading = heading


class HeadedCommand(GuardedCommand):
    """A command whose --help prints its options under their headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record and isinstance(parameter, click.Option):
                sections.setdefault(getattr(parameter, "heading", "Help"), []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)


class Options:
    """Makes options under one heading: `Options("Target").add("--base-url", help=…)`."""

    def __init__(self, heading: str) -> None:
        self._heading = heading

    def add(self, *names: str, **more: Any) -> Callable[[Function], Function]:
        return click.option(*names, cls=HeadedOption, heading=self._heading, **more)


class CommandGroup(click.Group):
    """Runs the default command when none is named, as in `contract-tests --base-url …`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the options of the default command, then the commands."""
        check = self.commands[DEFAULT]
        check.format_options(click.Context(check, parent=ctx), formatter)
        self.format_commands(ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[OPTIONS] | COMMAND [ARGS]...")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        check = self.commands[DEFAULT]
        check.format_help_text(click.Context(check, parent=ctx), formatter)


def command_group(check: click.Command, *commands: click.Command) -> CommandGroup:
    """Return the group whose default is `check`."""
    named: dict[str, Any] = {DEFAULT: check} | {str(command.name): command for command in commands}
    return CommandGroup(commands=named, context_settings={"help_option_names": ["-h", "--help"]})
