"""One server that is measured: what it needs, what it is given, and how it is started."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.desk import Desk
from benchmarks.dialect import Documented
from benchmarks.packages import InstallError, Package


class Skipped(Exception):
    """A contender that cannot be measured here; the text says why."""


@dataclass(frozen=True)
class Site:
    """Where a contender is started: its prepared folder, its port, and how many tickets."""

    folder: Path
    port: int
    tickets: int


class Contender(ABC):
    """A server, configured as its documentation advises; no handler is written for it."""

    key: str
    title: str
    setup: str
    """How it is given the data, in one sentence."""

    dialect: Documented = Documented()
    needs: tuple[str, ...] = ("node", "npm")
    package: Package | None = None
    largest: int | None = None
    """The most tickets it is measured with; None for any number."""

    environment: Mapping[str, str] = {}
    """Variables that it is started with, beside those of this process."""

    has_tickets: bool = True
    """Whether its answers are checked before it is timed."""

    limit: str = ""
    """Why there is such a largest number."""

    @property
    def version(self) -> str:
        assert self.package is not None
        return self.package.version

    def installed(self, inside: str) -> str:
        """Return the path of a file of its package, under node_modules."""
        assert self.package is not None
        return str(self.package.path(inside))

    def install(self) -> None:
        """Make sure that it can be started; raises Skipped."""
        for program in self.needs:
            if shutil.which(program) is None:
                raise Skipped(f"needs {program}, which is not installed")
        try:
            if self.package:
                self.package.install()
        except InstallError as error:
            raise Skipped(str(error)) from None

    @abstractmethod
    def prepare(self, desk: Desk, folder: Path) -> None:
        """Write what it reads at its start into an empty folder."""

    @abstractmethod
    def command(self, site: Site) -> list[str]:
        """Return what starts it on 127.0.0.1."""
