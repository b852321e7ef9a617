"""Commands of npm packages, run in a folder with this package's programs on the path."""

import os
import subprocess
import sys
from pathlib import Path


def run(folder: Path, *command: str, **environment: str) -> str:
    """Run a command with this package's programs on the path, and return what it prints."""
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": programs, "CI": "true", "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def install(folder: Path) -> None:
    """Install the packages that the package.json of a folder names."""
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error")
