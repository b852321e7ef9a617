"""`python -m mockserver.defects NAME [--seed N]` serves a healthy variant until it is ended."""

import sys
from functools import partial

import click

from mockserver.defects.healthy import HEALTHY
from mockserver.defects.serving import serve, serve_in_turn


@click.command()
@click.argument("name", type=click.Choice(list(HEALTHY)), required=False)
@click.option("--seed", type=int, default=1, show_default=True)
def main(name: str | None, seed: int) -> None:
    """Serve a strange but conforming mock on a free port of this machine.

    Without NAME: read names, of defects too, from standard input, a line each, and serve each of
    them until the next line or the end. This starts them quickly, one after another.
    """
    if name is None:
        serve_in_turn(sys.stdin)
    else:
        serve(name, partial(HEALTHY[name].open, seed=seed))


main()
