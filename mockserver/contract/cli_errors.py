"""How both commands end when something unexpected happens: one line, and exit status 2."""

import os
import sys
from io import TextIOWrapper
from typing import Any, NoReturn

import click

COULD_NOT_RUN = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
"""The statuses that a shell reports for a process ended by SIGINT and SIGPIPE."""


class GuardedCommand(click.Command):
    """A command in which an unexpected error becomes one line, or a traceback with --debug.

    click itself would end with 1 after Ctrl-C, or when standard output is closed, and 1 is
    a verdict.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        words = "Show the traceback of an unexpected error."
        self.params.append(click.Option(["--debug"], is_flag=True, help=words))

    def invoke(self, ctx: click.Context) -> Any:
        debug = ctx.params.pop("debug")
        _escape_what_the_terminal_cannot_show()
        try:
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
            _end(str(ctx.find_root().info_name), error)


def _escape_what_the_terminal_cannot_show() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _end(name: str, error: Exception) -> NoReturn:
    text = " ".join(str(error).split())[:300]
    kind = type(error).__name__
    click.echo(f"{name}: unexpected error: {kind}: {text}; --debug shows where", err=True)
    sys.exit(COULD_NOT_RUN)


def _leave_quietly() -> NoReturn:
    """End although nobody reads standard output, and without an error when it is flushed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(BROKEN_PIPE)
