"""The mock of this repository, and the least that a mock on its server can cost."""

import compileall
import sys
from pathlib import Path

from benchmarks.contenders.contender import Contender, Site
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
