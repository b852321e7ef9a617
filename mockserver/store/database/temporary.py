"""Folders of temporary databases: gone with their mock, or swept by the next one."""

import contextlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO

if sys.platform != "win32":  # where the folders of killed mocks stay
    import fcntl

_PREFIX = "there-there-mock-"
_LOCK = "lock"


class TemporaryFolder:
    """A folder that is locked as long as a process lives that made or inherited it."""

    def __init__(self) -> None:
        _sweep()
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            lock = _lock(self.path, "w")
            if lock is None:
                continue
            if (self.path / _LOCK).exists():
                break
            lock.close()  # another mock took it for a stale one meanwhile
        self._lock = lock

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def _sweep() -> None:
    """Remove the folders whose mocks are gone."""
    if sys.platform == "win32":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = _lock(folder, "r")
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            lock.close()


def _lock(folder: Path, mode: str) -> IO[str] | None:
    """Lock a folder; None: it is in use, just being made, or another's."""
    with contextlib.suppress(OSError):
        file = (folder / _LOCK).open(mode)
        if sys.platform == "win32":
            return file
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        file.close()
    return None
