"""Commands of npm packages, run in a folder with this package's programs on the path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from mockserver.admin.openapi.javascript import client


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


def install(example: Path, folder: Path, client_file: str) -> None:
    """Copy an example, write the mock's client to a file of the copy, and install its packages."""
    built = shutil.ignore_patterns("node_modules", "dist", "test-results")
    shutil.copytree(example, folder, dirs_exist_ok=True, ignore=built)
    (folder / client_file).write_text(client(typed=True), encoding="utf-8")
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error")
