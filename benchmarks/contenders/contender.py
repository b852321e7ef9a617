"""A server that is measured: its installation, its data and its start command."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders.dialect import Documented
from benchmarks.contenders.packages import InstallError, Package
from benchmarks.dataset.dataset import Dataset


class Skipped(Exception):
    """A contender cannot be measured; the message is the reason."""


@dataclass(frozen=True)
class Site:
    """What a contender is started with: its prepared folder, its port, the number of tickets."""

    folder: Path
    port: int
    tickets: int


class Contender(ABC):
    """A server, configured as its documentation advises, without handwritten handlers."""

    key: str
    title: str
    setup: str
    """How it gets its data, in one sentence."""

    dialect: Documented = Documented()
    needs: tuple[str, ...] = ("node", "npm")
    package: Package | None = None
    largest: int | None = None
    """The largest number of tickets it is measured with; None for any number."""

    environment: Mapping[str, str] = {}
    """Environment variables, in addition to those of this process."""

    has_tickets: bool = True
    """Whether it has tickets, so that its answers can be checked."""

    limit: str = ""
    """Why there is a largest number."""

    @property
    def version(self) -> str:
        assert self.package is not None
        return self.package.version

    def installed(self, inside: str) -> str:
        """Return the path of a file of its package, under node_modules."""
        assert self.package is not None
        return str(self.package.path(inside))

    def install(self) -> None:
        """Install what it needs; raises Skipped."""
        for program in self.needs:
            if shutil.which(program) is None:
                raise Skipped(f"needs {program}, which is not installed")
        try:
            if self.package:
                self.package.install()
        except InstallError as error:
            raise Skipped(str(error)) from None

    @abstractmethod
    def prepare(self, dataset: Dataset, folder: Path) -> None:
        """Write the files it needs into an empty folder."""

    @abstractmethod
    def command(self, site: Site) -> list[str]:
        """Return the command that starts it on 127.0.0.1."""
