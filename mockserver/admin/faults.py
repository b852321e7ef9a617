"""Levers of faults: what goes wrong on purpose."""

from typing import Any

from mockserver.admin.context import Conflict
from mockserver.admin.registry import Pull, lever
from mockserver.api.faults import EVERY, Fault, Plan, TooManyFaults
from mockserver.contract.errors import ConfigError, Invalid, NotFound


@lever("listFaults")
def list_faults(pull: Pull) -> dict[str, Any]:
    plans = pull.mock.faults.listed(pull.query.get("world"))
    return {"process": pull.mock.process, "faults": [_plan(plan) for plan in plans]}


@lever("addFault")
def add_fault(pull: Pull) -> dict[str, Any]:
    fault = _read(pull, pull.body["fault"])
    world = _world(pull, fault)
    try:
        return {"fault": _plan(pull.mock.faults.add(world, fault))}
    except TooManyFaults as error:
        raise Conflict(str(error)) from None


@lever("clearFaults")
def clear_faults(pull: Pull) -> dict[str, Any]:
    return {"lifted": len(pull.mock.faults.clear(pull.query.get("world")))}


@lever("liftFault")
def lift_fault(pull: Pull) -> None:
    if not pull.mock.faults.clear(id=pull.path["id"]):
        raise NotFound(f"No fault {pull.path['id']} is in force; GET /_mock/faults lists them.")


def _read(pull: Pull, text: str) -> Fault:
    try:
        return pull.mock.faults.parse(text)
    except ConfigError as error:
        raise Invalid({"fault": [f"fault: {error}"]}) from None


def _world(pull: Pull, fault: Fault) -> str:
    """Return the world a fault is for, which must be there; named twice, it must be the same."""
    asked = pull.query.get("world")
    if asked and fault.world and asked != fault.world:
        raise Invalid(
            {"fault": [f"fault: world={fault.world} is not the world {asked} asked for."]}
        )
    name: str | None = fault.world or asked
    if name is not None and pull.mock.store.worlds.entry(name) is None:
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
