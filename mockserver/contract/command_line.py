"""What both commands share: options under headings, and how a command ends after an error."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import click
from click.core import ParameterSource

from mockserver.contract.errors import MockError

COULD_NOT_RUN = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
"""The statuses that a shell reports for a process ended by SIGINT and SIGPIPE."""

Function = Callable[..., Any]
_HELP = {"--debug", "--help"}


class HeadedOption(click.Option):
    """An option that --help prints under a heading."""

    def __init__(self, *args: Any, heading: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.heading = heading

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Return what a wrong value is named by: its variable, if it came from there."""
        source = ctx.get_parameter_source(self.name or "") if ctx else None
        if source is ParameterSource.ENVIRONMENT and isinstance(self.envvar, str):
            return f"'{self.envvar}'"
        return super().get_error_hint(ctx)


class Options:
    """Makes options under one heading: `Options("Target").add("--base-url", help=…)`."""

    def __init__(self, heading: str) -> None:
        self._heading = heading

    def add(self, *names: str, **more: Any) -> Callable[[Function], Function]:
        return click.option(*names, cls=HeadedOption, heading=self._heading, **more)


class Command(click.Command):
    """A command in which an error becomes one line; an unexpected one a traceback with --debug.

    click itself would end with 1 after Ctrl-C, or when standard output is closed, and 1 is
    a verdict. --help prints the options under their headings.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        words = "Show the traceback of an unexpected error."
        self.params.append(click.Option(["--debug"], is_flag=True, help=words))

    def invoke(self, ctx: click.Context) -> Any:
        debug = ctx.params.pop("debug")
        _prepare_standard_streams()
        try:
            with one_line_errors(ctx):
                return super().invoke(ctx)
        except BrokenPipeError:
            _leave_quietly()
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if debug:
                raise
            text = " ".join(str(error).split())[:300]
            kind = type(error).__name__
            _end(ctx, f"unexpected error: {kind}: {text}; --debug shows where")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record and isinstance(parameter, click.Option):
                sections.setdefault(_heading(parameter), []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)


@contextmanager
def one_line_errors(ctx: click.Context) -> Iterator[None]:
    """End the program with one line for a MockError."""
    try:
        yield
    except MockError as error:
        _end(ctx, str(error))


def option_name(option: click.Option) -> str:
    """Return the long name of an option, without hyphens in front."""
    return max(option.opts, key=len).lstrip("-")


def _heading(option: click.Option) -> str:
    if isinstance(option, HeadedOption):
        return option.heading
    return "Help" if _HELP.intersection(option.opts) else "Options"


def _prepare_standard_streams() -> None:
    """Open those that the caller closed, and escape what the terminal cannot show.

    Otherwise the next file to be opened would take the place of the closed one.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("r+"))  # noqa: SIM115 - stays open
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _end(ctx: click.Context, message: str) -> NoReturn:
    click.echo(f"{ctx.find_root().command.name}: {message}", err=True)
    sys.exit(COULD_NOT_RUN)


def _leave_quietly() -> NoReturn:
    """End although nobody reads standard output, and without an error when it is flushed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(BROKEN_PIPE)
