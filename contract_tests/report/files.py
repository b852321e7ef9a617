"""Files that the user names: read as text, or written under a temporary name and then moved."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click


def read_text(path: Path, option: str = "") -> str:
    """Return the text of a file, which `option` names; raises UsageError."""
    where = f"{option} {path}".strip()
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise click.UsageError(f"{where}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{where}: it is not text in UTF-8") from None


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file beside `path`, and move it there; raises OSError.

    What is not a regular file, such as /dev/stdout, is written to directly.
    """
    if path.exists() and not path.is_file():
        write(path)
        return
    place = path.resolve()  # a link stays a link
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    os.close(handle)
    new = Path(name)
    try:
        write(new)
        new.chmod(place.stat().st_mode if place.exists() else 0o666 & ~_umask())
        new.replace(place)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()


def write_text(path: Path, text: str) -> None:
    """Write a text file whole, as `write_whole` does; raises OSError."""
    write_whole(path, lambda new: new.write_text(text, encoding="utf-8"))


@contextmanager
def owner_only() -> Iterator[None]:
    """Let only the user read the files that are made within the block."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
