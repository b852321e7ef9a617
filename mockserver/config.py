"""Options of a mock."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from mockserver.contract.choices import Choices
from mockserver.contract.errors import ConfigError
from mockserver.contract.loopback import is_loopback, is_loopback_url
from mockserver.contract.operations import Contract
from mockserver.seed.load import SeedOptions
from mockserver.store import MAX_WORLDS


@dataclass(frozen=True, slots=True)
class Config:
    """Options of `mockserver serve`; None means the default of the world file.

    `clock` is an ISO 8601 time at which the clock is frozen; `database` a URL, None for a
    temporary database; `rate` a limit such as `60/minute`; `defects` names from the catalogue;
    `faults` texts as in faults.GRAMMAR; `host` the address to listen on; `activity` the
    background actions per second in the shared world; `public_url` the address that clients of a
    reverse proxy use; with `trust_proxy` its X-Forwarded headers say so. With `only_page` the
    operations of the documentation page are served alone.
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
    public_url: str | None = None
    trust_proxy: bool = False
    only_page: bool = False

    def __post_init__(self) -> None:
        """Raises ConfigError for an invalid public URL."""
        if self.public_url is not None:
            require_url("--public-url", self.public_url, "https://mock.example.com/prefix")

    @property
    def is_local(self) -> bool:
        """Whether the mock's own address and its public one are reachable from here only."""
        public = self.public_url is None or is_loopback_url(self.public_url)
        return is_loopback(self.host) and public

    def served_contract(self) -> Contract:
        """Read the contract as it is served; raises SpecError."""
        path = Path(self.contract) if self.contract else None
        return Contract.load(path, self.choices, only_page=self.only_page)

    @property
    def seed_options(self) -> SeedOptions:
        """The options of a generated world."""
        return SeedOptions(self.seed, self.tickets, self.locale)


def require_url(option: str, url: str, example: str) -> None:
    """Raise ConfigError unless an option is an HTTP URL without a query."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise ConfigError(f"{option} {url}: write it as {example}")
