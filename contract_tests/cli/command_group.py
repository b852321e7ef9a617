"""contract-tests: the command line, one module for each command."""

import click

from contract_tests.cli.check import check
from contract_tests.cli.compare import compare
from contract_tests.cli.diff import diff
from contract_tests.cli.history import history
from contract_tests.cli.judge import judge
from contract_tests.cli.prove import prove
from contract_tests.cli.report import report
from contract_tests.cli.watch import watch

DEFAULT = "check"
_OWN_OPTIONS = ("-h", "--help", "--version")


class CommandGroup(click.Group):
    """Runs the default command when none is named, as in `contract-tests --base-url …`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in _OWN_OPTIONS):
            args = [DEFAULT, *args]
        if "://" in args[0]:
            raise click.UsageError(f"give the URL as --base-url {args[0]}", ctx)
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


main = CommandGroup(
    name="contract-tests",
    commands=[check, report, diff, history, judge, compare, watch, prove],
    context_settings={"help_option_names": ["-h", "--help"]},
)
click.version_option(package_name="there-there-mock", prog_name="contract-tests")(main)
