"""The mock of this repository, the mock of another checkout, and the floor of both."""

import compileall
import sys
from pathlib import Path

from benchmarks.contenders.contender import Contender, Site, Skipped
from benchmarks.dataset.dataset import Dataset
from benchmarks.dataset.export import CLOCK, WORLD
from mockserver import __file__ as _package
from mockserver import __version__


class Ours(Contender):
    """`python -m mockserver` with its defaults: it validates replies and keeps a journal."""

    key = "ours"
    title = "There There mock"
    setup = "`mockserver --world world.yaml --tickets N`, defaults otherwise"
    needs = ()
    options: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        return __version__

    def install(self) -> None:
        """Compile the package, as pip does on installation."""
        compileall.compile_dir(Path(_package).parent, quiet=1)

    def prepare(self, dataset: Dataset, folder: Path) -> None:
        """Write nothing: the mock generates the same world."""

    def command(self, site: Site) -> list[str]:
        world = ["--world", WORLD, "--tickets", str(site.tickets), "--clock", CLOCK]
        serve = [sys.executable, "-m", "mockserver", "serve", "--port", str(site.port)]
        return [*serve, *world, *self.options]


class Floor(Ours):
    """The same server with a Flask view that returns a constant body: the least a mock can cost."""

    key = "floor"
    title = "Flask with a constant body"
    has_tickets = False
    setup = "the server of the mock with a Flask view that returns a constant body of 16 kB"

    def command(self, site: Site) -> list[str]:
        return [sys.executable, "-m", "benchmarks.floor", str(site.port)]


class Other(Ours):
    """The mock of another checkout, run by the interpreter of its virtual environment."""

    key = "other"

    def __init__(self, checkout: Path) -> None:
        self._python = str(checkout / ".venv" / "bin" / "python")
        self.title = "There There mock, the other checkout"

    def install(self) -> None:
        if not Path(self._python).exists():
            raise Skipped(f"{self._python} is missing; install that checkout there")

    def command(self, site: Site) -> list[str]:
        return [self._python, *super().command(site)[1:]]
