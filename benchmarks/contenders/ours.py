"""The mock of this repository, with one worker and with as many as there are cores."""

import compileall
import os
import subprocess
import sys
from functools import cache
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


class OursOnEveryCore(Ours):
    """The same, with a worker a core."""

    key = "ours-workers"
    title = f"There There mock, {os.cpu_count()} workers"
    setup = "the same with `--workers`, one a core"
    options = ("--workers", str(os.cpu_count()))

    def install(self) -> None:
        super().install()
        if "--workers" not in _help():
            raise Skipped("this version of the mock has no --workers")


@cache
def _help() -> str:
    command = [sys.executable, "-m", "mockserver", "serve", "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
