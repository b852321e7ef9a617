"""What a mock is started with."""

from dataclasses import dataclass, field

from mockserver.contract.choices import Choices
from mockserver.seed.load import SeedOptions
from mockserver.store import MAX_WORLDS


@dataclass(frozen=True, slots=True)
class Config:
    """Every option once; None for a world, seed, size or locale means what the world file says.

    `clock` is an ISO 8601 time to stand still at; `database` a URL, None for a
    temporary one; `rate` such as `60/minute`; `defects` names from the catalogue;
    `faults` as faults.GRAMMAR writes them; `host` the address listened on; `busy`
    the acts a second of colleagues in the shared world.
    """

    world: str | None = None
    seed: int | None = None
    tickets: int | None = None
    locale: str | None = None
    clock: str | None = None
    database: str | None = None
    rate: str | None = None
    check: bool = True
    choices: Choices = field(default_factory=Choices)
    contract: str | None = None
    defects: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    admin_token: str | None = None
    control_cors: bool = False
    max_worlds: int = MAX_WORLDS
    busy: float = 0

    @property
    def seed_options(self) -> SeedOptions:
        """What is asked of the world besides its name."""
        return SeedOptions(self.seed, self.tickets, self.locale)
