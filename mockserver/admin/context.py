"""What levers act on."""

import os
import socket
from dataclasses import dataclass

from mockserver.admin.activity.scheduler import Colleagues
from mockserver.api.faults import Faults
from mockserver.config import Config
from mockserver.contract.errors import ApiError
from mockserver.contract.operations import Contract
from mockserver.seed.load import statuses
from mockserver.store import Store


class Conflict(ApiError):
    """What the state of a world does not allow."""

    status = 409


@dataclass(slots=True)
class Mock:
    """The parts of one running mock."""

    store: Store
    config: Config
    contract: Contract
    faults: Faults
    colleagues: Colleagues

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that the contract knows."""
        return statuses(self.contract)

    @property
    def process(self) -> str:
        """The process that answers: its journal, rate limits and activity are its own."""
        return f"{socket.gethostname()}:{os.getpid()}"
