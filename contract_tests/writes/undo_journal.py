"""The undo journal: the state of each ticket, stored before its first write is sent."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from contract_tests.client.errors import CannotRun

Field = Literal["status", "assignee"]


@dataclass(frozen=True)
class Entry:
    """One intended write: the value before the run, and the value written."""

    ticket: int
    field: Field
    before: Any
    written: Any


@dataclass
class UndoJournal:
    """Entries in the order written; the file goes when everything is as it was.

    Its first line names the deployment, and `key` is of the deployment and the token.
    """

    path: Path
    entries: list[Entry] = field(default_factory=list)
    deployment: str = ""
    key: str = ""

    @classmethod
    def of(cls, base_url: str, folder: Path | None = None, token: str = "") -> "UndoJournal":
        """Open the journal of a deployment, with what an interrupted run left in it."""
        name = f"undo-{_key(base_url, token)}.jsonl"
        return cls.at((folder or state_folder()) / name, base_url, token)

    @classmethod
    def at(cls, path: Path, base_url: str, token: str) -> "UndoJournal":
        """Open a file.

        Raises CannotRun when it is of another deployment or token, or cannot be read.
        """
        key = _key(base_url, token)
        head, entries = _read(path)
        if head and head.get("key") != key:
            raise CannotRun(
                f"the undo file {path} is of {head.get('deployment')}, or of another token for "
                "it; give both as before, or name another file"
            )
        with contextlib.suppress(OSError):  # whether it can be written is asked before a write
            _unfinished(path).unlink()
        return cls(path, entries, base_url, key)

    def require_writable(self) -> None:
        """Raise CannotRun, before anything is sent, for a file that cannot be written."""
        self._write([])
        _unfinished(self.path).unlink()

    def note(self, entry: Entry) -> None:
        """Write an entry to disk; returns when it would survive a crash of the machine."""
        self.entries.append(entry)
        self._store()

    def originals(self) -> dict[tuple[int, Field], Any]:
        """Return what each field was before the first write to it."""
        found: dict[tuple[int, Field], Any] = {}
        for entry in self.entries:
            found.setdefault((entry.ticket, entry.field), entry.before)
        return found

    def wrote(self, ticket: int, name: Field, value: Any) -> bool:
        return any((e.ticket, e.field, e.written) == (ticket, name, value) for e in self.entries)

    def tickets(self) -> frozenset[int]:
        return frozenset(entry.ticket for entry in self.entries)

    def keep(self, fields: set[tuple[int, Field]]) -> None:
        """Keep the entries of these fields only; delete the file if there are none."""
        self.entries = [e for e in self.entries if (e.ticket, e.field) in fields]
        if not self.entries:
            self.path.unlink(missing_ok=True)
            return
        self._store()

    def _store(self) -> None:
        """Replace the file by one with every entry."""
        head = {"deployment": self.deployment, "key": self.key}
        self._write([head, *map(vars, self.entries)])
        _unfinished(self.path).replace(self.path)

    def _write(self, nodes: list[dict[str, Any]]) -> None:
        """Write the file that replaces this one; raises CannotRun if it cannot be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _unfinished(self.path).open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(node) + "\n" for node in nodes)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise CannotRun(f"the undo file {self.path} cannot be written: {error}") from None


def _unfinished(path: Path) -> Path:
    """Return where a journal is written before it replaces the last one; SIGKILL may leave it."""
    return path.with_name(f"{path.name}.new")


def state_folder() -> Path:
    """Return where undo journals live between runs (XDG_STATE_HOME)."""
    home = os.environ.get("XDG_STATE_HOME")
    base = Path(home) if home else Path.home() / ".local" / "state"
    return base / "contract-tests"


def left_with_other_tokens(base_url: str, token: str) -> Iterator[Path]:
    """Yield the journals that interrupted runs with other tokens left for a deployment."""
    key = _key(base_url, token)
    for path in sorted(state_folder().glob("undo-*.jsonl")):
        head, entries = _read(path)
        if entries and head.get("deployment") == base_url and head.get("key") != key:
            yield path


def _key(base_url: str, token: str) -> str:
    return hashlib.sha256(f"{base_url}\0{token}".encode()).hexdigest()[:16]


def _read(path: Path) -> tuple[dict[str, Any], list[Entry]]:
    """Return the first line of a journal and its entries; raises CannotRun for another file."""
    try:
        nodes = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        entries = [Entry(**node) for node in nodes[1:]]
        head = {name: nodes[0][name] for name in ("deployment", "key")} if nodes else {}
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        raise CannotRun(f"the undo file {path} cannot be read: {error}") from None
    except (ValueError, TypeError, KeyError):
        raise CannotRun(f"the undo file {path} is not one of contract-tests") from None
    return head, entries
