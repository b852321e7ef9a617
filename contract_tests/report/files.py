"""Files that the user names: read as text, or written under a temporary name and then moved."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
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


def write_text(path: Path, text: str) -> None:
    """Write a file under a temporary name and move it to `path`; raises OSError.

    A reader sees the old content or the whole new one. What is not a regular file, such as
    /dev/stdout, is written to directly.
    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    place = path.resolve()  # a link stays a link
    new = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        new.touch()
        if place.exists():
            new.chmod(place.stat().st_mode)
        new.write_text(text, encoding="utf-8")
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def owner_only() -> Iterator[None]:
    """Let only the user read the files that are made within the block."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)
