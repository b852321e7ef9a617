"""npm packages at pinned versions, kept in a cache folder of the user."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp


class InstallError(Exception):
    """A package that could not be installed; the text says why."""


@dataclass(frozen=True)
class Package:
    """A package of the npm registry."""

    name: str
    version: str

    @property
    def folder(self) -> Path:
        """Where it is installed, its dependencies beside it under node_modules."""
        return _cache() / f"{self.name.replace('/', '-').removeprefix('@')}-{self.version}"

    def path(self, inside: str) -> Path:
        """Return a file under node_modules."""
        return self.folder / "node_modules" / inside

    def install(self) -> None:
        """Install it unless it is there; raises InstallError. A broken-off try leaves nothing."""
        if self._installed():
            return
        _cache().mkdir(parents=True, exist_ok=True)
        beginning = Path(mkdtemp(dir=_cache(), prefix="installing-"))
        try:
            _npm_install(beginning, f"{self.name}@{self.version}")
            shutil.rmtree(self.folder, ignore_errors=True)
            beginning.rename(self.folder)
        finally:
            shutil.rmtree(beginning, ignore_errors=True)

    def _installed(self) -> bool:
        manifest = self.path(f"{self.name}/package.json")
        return manifest.exists() and json.loads(manifest.read_text())["version"] == self.version


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "there-there-mock" / "benchmarks"


def _npm_install(folder: Path, package: str) -> None:
    quiet = ["--no-audit", "--no-fund", "--loglevel", "error"]
    done = subprocess.run(
        ["npm", "install", "--prefix", folder, *quiet, package],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["npm told nothing"]
        raise InstallError(f"npm install {package}: {last[0]}")
