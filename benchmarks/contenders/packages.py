"""npm packages at pinned versions, installed in the user's cache folder."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp


class InstallError(Exception):
    """A package could not be installed; the message is the reason."""


@dataclass(frozen=True)
class Package:
    """A package of the npm registry."""

    name: str
    version: str

    @property
    def folder(self) -> Path:
        """The folder it is installed in, with its dependencies under node_modules."""
        return _cache() / f"{self.name.replace('/', '-').removeprefix('@')}-{self.version}"

    def path(self, inside: str) -> Path:
        """Return the path of a file under node_modules."""
        return self.folder / "node_modules" / inside

    def install(self) -> None:
        """Install it if it is missing; raises InstallError. A failed attempt leaves no files."""
        if self._installed():
            return
        _cache().mkdir(parents=True, exist_ok=True)
        temporary = Path(mkdtemp(dir=_cache(), prefix="installing-"))
        try:
            _npm_install(temporary, f"{self.name}@{self.version}")
            shutil.rmtree(self.folder, ignore_errors=True)
            temporary.rename(self.folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

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
        last = done.stderr.strip().splitlines()[-1:] or ["npm printed nothing"]
        raise InstallError(f"npm install {package}: {last[0]}")
