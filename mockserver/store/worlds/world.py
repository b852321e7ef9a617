"""A world as the store describes it, and the caller who has a token."""

import re
from dataclasses import dataclass
from typing import NamedTuple

SHARED = "shared"
"""The name of the world that every token without `@` opens."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class World:
    """`layer` holds its own rows, `base` the seed below them; 0 `changes`: the seed as it is.

    `clock` is its own time, which has run since the real time `since`; None: the
    server's time, and a frozen clock.
    """

    name: str
    layer: int
    base: int
    changes: int
    clock: int | None = None
    since: int | None = None

    def token(self, plain: str) -> str:
        """Return a token as it opens this world, such as `jane@pr-123` for `jane`."""
        return plain if self.name == SHARED else f"{plain}@{self.name}"


NO_WORLD = World("", 0, 0, 0)
"""In place of a world, for what is done to several."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner of a token: a user in a workspace in a world.

    `with_faults` is False if no fault is in the database.
    """

    world: World
    user: int
    workspace: int
    readonly: bool
    with_faults: bool = False


@dataclass(frozen=True, slots=True)
class WorldEntry:
    """A world and its history; times are real ones, `acts` those of simulated activity."""

    world: World
    acts: int
    created: int
    used: int
    seed: str


class TokenRow(NamedTuple):
    """A token with its user, and the user's workspace."""

    token: str
    state: str
    readonly: int
    user: int
    user_name: str
    email: str
    workspace: int
    workspace_name: str
