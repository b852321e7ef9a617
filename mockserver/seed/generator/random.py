"""Repeatable random numbers: the same words give the same numbers on every machine.

The generator uses the four basic operations only, since powers and logarithms may differ in the
last digit between machines.
"""

from random import Random


def seeded_random(*words: object) -> Random:
    """Return a random generator seeded with these words."""
    return Random(" ".join(map(str, words)))  # noqa: S311 - not for secrets
