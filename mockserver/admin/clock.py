"""Admin API: the clock of a world."""

from collections.abc import Mapping
from datetime import datetime
from time import time
from typing import Any

from mockserver.admin.context import AdminContext, Conflict
from mockserver.admin.registry import AdminRequest, admin_endpoint
from mockserver.contract.errors import ConfigError, Invalid
from mockserver.seed.clock import format_time, parse_time
from mockserver.store import World

_UNITS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_LAST = 253_402_300_799
"""End of the year 9999, the last that ISO 8601 can write."""


@admin_endpoint("getClock")
def get_clock(request: AdminRequest) -> dict[str, Any]:
    return {"clock": clock_of(request.context, request.world)}


@admin_endpoint("setClock")
def set_clock(request: AdminRequest) -> dict[str, Any]:
    asked = read_clock(request.body, "now")
    moment = _now(request) if asked is None else int(asked.timestamp())
    return _set(request, moment, running=request.body.get("running", False))


@admin_endpoint("advanceClock")
def advance_clock(request: AdminRequest) -> dict[str, Any]:
    moment = _now(request) + sum(int(count) * _UNITS[unit] for unit, count in request.body.items())
    if moment > _LAST:
        raise Conflict("The clock would pass the year 9999; set it back first.")
    return _set(request, moment, running=clock_of(request.context, request.world)["running"])


@admin_endpoint("resetClock")
def reset_clock(request: AdminRequest) -> dict[str, Any]:
    request.context.store.worlds.set_clock(request.world, None, None)
    return get_clock(request)


def clock_of(context: AdminContext, world: World) -> dict[str, Any]:
    """Return a world's clock as the admin API returns it."""
    clock, own = context.store.clock, world.clock is not None
    return {
        "now": format_time(min(clock.now(world.clock, world.since), _LAST)),
        "running": world.since is not None if own else clock.running,
        "own": own,
    }


def read_clock(body: Mapping[str, Any], field: str) -> datetime | None:
    """Return the time that a field of a body sets a clock to, if it does; raises Invalid."""
    if field not in body:
        return None
    try:
        return parse_time(body[field])
    except ConfigError as error:
        raise Invalid({field: [f"{field}: {error}."]}) from None


def _now(request: AdminRequest) -> int:
    world = request.world
    return request.context.store.clock.now(world.clock, world.since)


def _set(request: AdminRequest, moment: int, *, running: bool) -> dict[str, Any]:
    since = int(time()) if running else None
    request.context.store.worlds.set_clock(request.world, moment, since)
    return get_clock(request)
