"""Admin API: injected faults, of one world or of every world."""

from typing import Any

from mockserver.admin.context import Conflict
from mockserver.admin.registry import AdminRequest, admin_endpoint, open_entry
from mockserver.api.faults import EVERY, ActiveFault, Fault, TooManyFaults
from mockserver.api.faults.fields import text_of_fields
from mockserver.contract.errors import ConfigError, Invalid, NotFound


@admin_endpoint("listFaults")
@admin_endpoint("listFaultsOfWorld")
def list_faults(request: AdminRequest) -> dict[str, Any]:
    faults = request.context.faults.listed(_asked_world(request))
    return {"process": request.context.process, "faults": [_shown(active) for active in faults]}


@admin_endpoint("addFault")
@admin_endpoint("addFaultToWorld")
def add_fault(request: AdminRequest) -> dict[str, Any]:
    fault = _read(request)
    world = _world(request, fault)
    try:
        return {"fault": _shown(request.context.faults.add(world, fault))}
    except TooManyFaults as error:
        raise Conflict(str(error)) from None


@admin_endpoint("clearFaults")
@admin_endpoint("clearFaultsOfWorld")
def clear_faults(request: AdminRequest) -> dict[str, Any]:
    return {"removed": len(request.context.faults.clear(_asked_world(request)))}


@admin_endpoint("removeFault")
def remove_fault(request: AdminRequest) -> None:
    if not request.context.faults.remove(request.path["id"]):
        raise NotFound(f"There is no fault {request.path['id']}; GET /_mock/faults lists them.")


def _asked_world(request: AdminRequest) -> str | None:
    """Return the world that the path or the query names, opened on first use."""
    name: str | None = request.path.get("world") or request.query.get("world")
    return None if name is None else open_entry(request.context, name).world.name


def _read(request: AdminRequest) -> Fault:
    try:
        return request.context.faults.parse(text_of_fields(request.body))
    except ConfigError as error:
        raise Invalid({"fault": [f"fault: {error}"]}) from None


def _world(request: AdminRequest, fault: Fault) -> str:
    """Return the world that a fault is for; raises Invalid if two are named."""
    asked = _asked_world(request)
    if asked and fault.world and asked != fault.world:
        message = f"fault: world={fault.world} differs from the world {asked} of the request."
        raise Invalid({"fault": [message]})
    if fault.world:
        open_entry(request.context, fault.world)
    return fault.world or asked or EVERY


def _shown(active: ActiveFault) -> dict[str, Any]:
    fault = active.fault
    return {
        "id": active.id,
        "world": active.world,
        "fault": fault.text,
        "kind": fault.kind,
        "share": fault.share,
        "operation": fault.operation,
        "path": fault.path,
        "times": fault.times,
        "retry_after": fault.retry_after,
        "seed": fault.seed,
        "seen": active.seen,
        "hits": active.hits,
        "kept": active.kept,
    }
