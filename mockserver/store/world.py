"""A world as the store tells of it, and who calls on it."""

import re
from dataclasses import dataclass

SHARED = "shared"
"""The name of the world that every plain token opens."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class World:
    """`layer` holds its own rows, `base` the seed below them; 0 `changes`: the seed as it is.

    `clock` is its own time, which has run since the real time `since`; None: the
    server's time, and a clock that stands still. In one `state` it answers the same
    whenever it is asked; None: nobody looked which one it is in. Since the state
    `cleared` rows of its own have come and changed, and none has gone.
    """

    name: str
    layer: int
    base: int
    changes: int
    clock: int | None = None
    since: int | None = None
    state: int | None = None
    cleared: int = 0


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever a token stands for: a user in a workspace in a world."""

    world: World
    user: int
    workspace: int
    readonly: bool


@dataclass(frozen=True, slots=True)
class WorldEntry:
    """A world and its story; times are real ones, `acts` those of busy colleagues."""

    world: World
    acts: int
    created: int
    used: int
    seed: str
