"""The mock of this repository, that of another checkout, and the floor below both."""

import compileall
import sys
from pathlib import Path

from benchmarks.contenders.contender import Contender, Site, Skipped
from benchmarks.desk import CLOCK, WORLD, Desk
from mockserver import __file__ as _package
from mockserver import __version__


class Ours(Contender):
    """`python -m mockserver` with its defaults: each reply is checked, each request journalled."""

    key = "ours"
    title = "There There mock"
    setup = "`mockserver --world desk.yaml --tickets N`, everything else as it comes"
    needs = ()
    options: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        return __version__

    def install(self) -> None:
        """Compile it, as pip does with what it installs, and a first start with a checkout."""
        compileall.compile_dir(Path(_package).parent, quiet=1)

    def prepare(self, desk: Desk, folder: Path) -> None:
        """Nothing to write: it makes the same world itself."""

    def command(self, site: Site) -> list[str]:
        world = ["--world", WORLD, "--tickets", str(site.tickets), "--clock", CLOCK]
        serve = [sys.executable, "-m", "mockserver", "serve", "--port", str(site.port)]
        return [*serve, *world, *self.options]


class Floor(Ours):
    """The same server and a Flask view that returns a constant body: what no mock on it beats."""

    key = "floor"
    title = "Flask with a constant body"
    has_tickets = False
    setup = "the server of the mock with a Flask view that returns the same 16 kB each time"

    def command(self, site: Site) -> list[str]:
        return [sys.executable, "-m", "benchmarks.floor", str(site.port)]


class Other(Ours):
    """The mock of another checkout, run by the interpreter of its virtual environment."""

    key = "other"

    def __init__(self, checkout: Path) -> None:
        self._python = str(checkout / ".venv" / "bin" / "python")
        self.title = f"There There mock in {checkout.name}"

    def install(self) -> None:
        if not Path(self._python).exists():
            raise Skipped(f"{self._python} is missing; install that checkout there")

    def command(self, site: Site) -> list[str]:
        return [self._python, *super().command(site)[1:]]
