"""Admin API: background activity."""

from dataclasses import asdict
from typing import Any

from mockserver.admin.registry import AdminRequest, admin_endpoint


@admin_endpoint("getActivity")
def get_activity(request: AdminRequest) -> dict[str, Any]:
    entry = request.entry
    rate = request.context.scheduler.rate(entry.world.name)
    return {
        "process": request.context.process,
        "activity": {"per_second": rate, "actions": entry.acts},
    }


@admin_endpoint("startActivity")
def start_activity(request: AdminRequest) -> dict[str, Any]:
    request.context.scheduler.start(request.world.name, float(request.body["per_second"]))
    return get_activity(request)


@admin_endpoint("stopActivity")
def stop_activity(request: AdminRequest) -> dict[str, Any]:
    request.context.scheduler.stop(request.world.name)
    return get_activity(request)


@admin_endpoint("runActions")
def run_actions(request: AdminRequest) -> dict[str, Any]:
    actions = request.context.scheduler.run(request.world.name, int(request.body["count"]))
    return {"actions": [asdict(action) for action in actions]}
