"""`python -m mockserver.defects [NAME] [--seed N]` serves healthy variants and defects."""

import sys

import click

from mockserver.defects.healthy_variants import HEALTHY
from mockserver.defects.serving import serve_in_turn, serve_variant


@click.command()
@click.argument("name", type=click.Choice(list(HEALTHY)), required=False)
@click.option("--seed", type=int, default=1, show_default=True)
def main(name: str | None, seed: int) -> None:
    """Serve a healthy variant on a free loopback port until SIGTERM.

    Without NAME, read names of healthy variants and defects from standard input, one per line, and
    serve each until the next line. The name of a healthy variant may be followed by a random seed.
    All worlds are seeded for a fixed date.
    """
    if name is None:
        serve_in_turn(sys.stdin)
    else:
        serve_variant(name, seed)


main()
