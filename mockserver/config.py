"""What a mock is started with."""

from dataclasses import dataclass, field

from mockserver.choices import Choices


@dataclass(frozen=True, slots=True)
class Config:
    """Every option once; None for a world, seed, size or locale means what the world file says.

    `clock` is an ISO 8601 time to stand still at; `database` a URL, None for a
    temporary one; `rate` such as `60/minute`.
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
