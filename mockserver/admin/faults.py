"""Admin API: injected faults."""

from typing import Any

from mockserver.admin.context import Conflict
from mockserver.admin.registry import AdminRequest, admin_endpoint
from mockserver.api.faults import EVERY, Fault, Plan, TooManyFaults
from mockserver.contract.errors import ConfigError, Invalid, NotFound


@admin_endpoint("listFaults")
def list_faults(request: AdminRequest) -> dict[str, Any]:
    plans = request.context.faults.listed(request.query.get("world"))
    return {"process": request.context.process, "faults": [_plan(plan) for plan in plans]}


@admin_endpoint("addFault")
def add_fault(request: AdminRequest) -> dict[str, Any]:
    fault = _read(request, request.body["fault"])
    world = _world(request, fault)
    try:
        return {"fault": _plan(request.context.faults.add(world, fault))}
    except TooManyFaults as error:
        raise Conflict(str(error)) from None


@admin_endpoint("clearFaults")
def clear_faults(request: AdminRequest) -> dict[str, Any]:
    return {"removed": len(request.context.faults.clear(request.query.get("world")))}


@admin_endpoint("removeFault")
def remove_fault(request: AdminRequest) -> None:
    if not request.context.faults.clear(id=request.path["id"]):
        raise NotFound(f"There is no fault {request.path['id']}; GET /_mock/faults lists them.")


def _read(request: AdminRequest, text: str) -> Fault:
    try:
        return request.context.faults.parse(text)
    except ConfigError as error:
        raise Invalid({"fault": [f"fault: {error}"]}) from None


def _world(request: AdminRequest, fault: Fault) -> str:
    """Return the existing world that a fault is for; raises Invalid if two are named."""
    asked = request.query.get("world")
    if asked and fault.world and asked != fault.world:
        raise Invalid(
            {"fault": [f"fault: world={fault.world} differs from the query's world {asked}."]}
        )
    name: str | None = fault.world or asked
    if name is not None and request.context.store.worlds.entry(name) is None:
        raise NotFound(f"There is no world {name!r}; GET /_mock/worlds lists them.")
    return name or EVERY


def _plan(plan: Plan) -> dict[str, Any]:
    fault = plan.fault
    return {
        "id": plan.id,
        "world": plan.world,
        "fault": fault.text,
        "kind": fault.kind,
        "share": fault.share,
        "operation": fault.operation,
        "seed": fault.seed,
        "seen": plan.seen,
        "hits": plan.hits,
        "kept": plan.kept,
    }
