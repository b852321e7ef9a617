"""Options of a mock."""

from dataclasses import dataclass, field

from mockserver.contract.choices import Choices
from mockserver.seed.load import SeedOptions
from mockserver.store import MAX_WORLDS


@dataclass(frozen=True, slots=True)
class Config:
    """Options of `mockserver serve`; None means the default of the world file.

    `clock` is an ISO 8601 time at which the clock is frozen; `database` a URL, None for a
    temporary database; `rate` a limit such as `60/minute`; `defects` names from the catalogue;
    `faults` texts as in faults.GRAMMAR; `host` the address to listen on; `activity` the
    background actions per second in the shared world.
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
    admin_cors: bool = False
    max_worlds: int = MAX_WORLDS
    activity: float = 0

    @property
    def seed_options(self) -> SeedOptions:
        """The options of a generated world."""
        return SeedOptions(self.seed, self.tickets, self.locale)
