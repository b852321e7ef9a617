"""The parts of a running mock that the admin API works on."""

import os
import socket
from dataclasses import dataclass

from mockserver.admin.activity.scheduler import ActivityScheduler
from mockserver.api.faults import Faults
from mockserver.config import Config
from mockserver.contract.errors import ApiError
from mockserver.contract.operations import Contract
from mockserver.seed.load import statuses
from mockserver.store import Store


class Conflict(ApiError):
    """A request that the state of a world does not allow."""

    status = 409


@dataclass(slots=True)
class AdminContext:
    store: Store
    config: Config
    contract: Contract
    faults: Faults
    scheduler: ActivityScheduler

    @property
    def statuses(self) -> tuple[str, ...]:
        """Ticket statuses of the contract."""
        return statuses(self.contract)

    @property
    def process(self) -> str:
        """Host and process id; journal, rate limits and background activity are per process."""
        return f"{socket.gethostname()}:{os.getpid()}"
