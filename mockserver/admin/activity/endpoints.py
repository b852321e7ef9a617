"""Levers of busy colleagues."""

from dataclasses import asdict
from typing import Any

from mockserver.admin.registry import Pull, lever


@lever("getBusy")
def get_busy(pull: Pull) -> dict[str, Any]:
    entry = pull.entry
    rate = pull.mock.colleagues.rate(entry.world.name)
    return {"process": pull.mock.process, "busy": {"per_second": rate, "acts": entry.acts}}


@lever("startBusy")
def start_busy(pull: Pull) -> dict[str, Any]:
    pull.mock.colleagues.start(pull.world.name, float(pull.body["per_second"]))
    return get_busy(pull)


@lever("stopBusy")
def stop_busy(pull: Pull) -> dict[str, Any]:
    pull.mock.colleagues.stop(pull.world.name)
    return get_busy(pull)


@lever("playActs")
def play_acts(pull: Pull) -> dict[str, Any]:
    acts = pull.mock.colleagues.play(pull.world.name, int(pull.body["count"]))
    return {"acts": [asdict(act) for act in acts]}
