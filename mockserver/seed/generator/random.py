"""Chance that repeats: the same words give the same numbers on every machine.

What is made of the numbers stays the same, too, because the seed computes with the four basic
operations only: powers, logarithms and the like may differ in the last digit between machines.
"""

from random import Random


def chance(*words: object) -> Random:
    """Return a source of numbers that depends on these words alone."""
    return Random(" ".join(map(str, words)))  # noqa: S311 - for stories, not for secrets
