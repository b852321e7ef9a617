"""How a command ends that could not run."""

import sys
from typing import NoReturn

import click


def fail(message: str) -> NoReturn:
    """Say why on standard error, and end with status 2."""
    click.secho(f"contract-tests: {message}", fg="red", err=True)
    sys.exit(2)
