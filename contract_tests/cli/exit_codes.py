"""Ends a command that could not run."""

import sys
from typing import NoReturn

import click


def fail(message: str) -> NoReturn:
    """Print the reason on standard error, and exit with status 2."""
    click.secho(f"contract-tests: {message}", fg="red", err=True)
    sys.exit(2)
