"""Levers of the clock: what time it is in a world."""

from time import time
from typing import Any

from mockserver.admin.context import Conflict, Mock
from mockserver.admin.registry import Pull, lever
from mockserver.seed.clock import iso, parse
from mockserver.store import World

_UNITS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_LAST = 253_402_300_799
"""The end of the year 9999, beyond which no date is written."""


@lever("getClock")
def get_clock(pull: Pull) -> dict[str, Any]:
    return {"clock": clock_of(pull.mock, pull.world)}


@lever("setClock")
def set_clock(pull: Pull) -> dict[str, Any]:
    now = pull.body.get("now")
    moment = _now(pull) if now is None else int(parse(now).timestamp())
    return _set(pull, moment, running=pull.body.get("running", False))


@lever("advanceClock")
def advance_clock(pull: Pull) -> dict[str, Any]:
    moment = _now(pull) + sum(int(count) * _UNITS[unit] for unit, count in pull.body.items())
    if moment > _LAST:
        raise Conflict("The clock would pass the year 9999; set it back first.")
    return _set(pull, moment, running=clock_of(pull.mock, pull.world)["running"])


@lever("dropClock")
def drop_clock(pull: Pull) -> dict[str, Any]:
    pull.mock.store.worlds.set_clock(pull.world, None, None)
    return get_clock(pull)


def clock_of(mock: Mock, world: World) -> dict[str, Any]:
    """Return a world's clock as levers show it."""
    clock, own = mock.store.clock, world.clock is not None
    return {
        "now": iso(min(clock.now(world.clock, world.since), _LAST)),
        "running": world.since is not None if own else clock.running,
        "own": own,
    }


def _now(pull: Pull) -> int:
    world = pull.world
    return pull.mock.store.clock.now(world.clock, world.since)


def _set(pull: Pull, moment: int, *, running: bool) -> dict[str, Any]:
    since = int(time()) if running else None
    pull.mock.store.worlds.set_clock(pull.world, moment, since)
    return get_clock(pull)
