"""`python -m mockserver.defects NAME [--seed N]` serves a healthy variant until it is ended."""

import sys

import click

from mockserver.defects.healthy_variants import HEALTHY
from mockserver.defects.serving import serve_in_turn, serve_variant


@click.command()
@click.argument("name", type=click.Choice(list(HEALTHY)), required=False)
@click.option("--seed", type=int, default=1, show_default=True)
def main(name: str | None, seed: int) -> None:
    """Serve a strange but conforming mock on a free port of this machine.

    Without NAME: read names, of defects too, from standard input, a line each, and serve each of
    them until the next line or the end. This starts them quickly, one after another; a number after
    a healthy variant's name is the seed of its world. No world depends on the day.
    """
    if name is None:
        serve_in_turn(sys.stdin)
    else:
        serve_variant(name, seed)


main()
