"""What levers act on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mockserver.admin.activity.scheduler import Colleagues
from mockserver.config import Config
from mockserver.contract.errors import ApiError
from mockserver.contract.operations import Contract
from mockserver.store import Store, World
from mockserver.store.seeding.load import statuses

FaultPlanner = Callable[[World, list[Any]], None]


class Conflict(ApiError):
    """What the state of a world does not allow."""

    status = 409


@dataclass(slots=True)
class Mock:
    """The parts of one running mock.

    `plan_faults`, once set, takes the faults of a new world; raises ConfigError for one
    that cannot be.
    """

    store: Store
    config: Config
    contract: Contract
    colleagues: Colleagues
    plan_faults: FaultPlanner = field(default=lambda _world, _faults: None)

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that the contract knows."""
        return statuses(self.contract)
