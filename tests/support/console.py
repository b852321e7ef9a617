"""The code blocks of a documentation page, run in order as a reader would run them."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

ROOT = Path(__file__).resolve().parents[2]

_BLOCK = re.compile(
    r"(?:<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_ADDRESS = "127.0.0.1:4010"
_PRODUCTION = "https://app.therethere.com"
_SECONDS = re.compile(r"\b\d+\.\d+( ?)s\b")
_LONGEST = 120
"""Seconds that a command may take."""


@dataclass(frozen=True)
class Block:
    """A fenced code block.

    `note` is the HTML comment on the line above: `file: NAME` saves the block under that name,
    `not run: REASON` keeps it from being run. `show` names the parts of a JSON answer that are
    shown, as in ```` ```console show=meta.total,data.0.id ````.
    """

    note: str
    language: str
    show: tuple[str, ...]
    text: str

    @classmethod
    def of(cls, match: re.Match[str]) -> "Block":
        language, _, options = match["info"].partition(" ")
        shown = options.removeprefix("show=") if options.startswith("show=") else ""
        return cls(
            match["note"] or "", language, tuple(filter(None, shown.split(","))), match["text"]
        )

    @property
    def commands(self) -> list[str]:
        """The commands of a block, with continued lines joined; of a console block without `$ `."""
        joined = self.text.replace("\\\n", "\\\0").splitlines()
        lines = [line.replace("\0", "\n") for line in joined]
        if self.language == "console":
            return [line[2:] for line in lines if line.startswith("$ ")]
        return [line for line in lines if line.strip() and not line.startswith("#")]

    @property
    def is_run(self) -> bool:
        return self.language in ("console", "sh") and not self.note.startswith(("not run", "test"))


def blocks(text: str) -> list[Block]:
    return [Block.of(match) for match in _BLOCK.finditer(text)]


def with_current_output(text: str) -> str:
    """Run the code blocks of a page and return the page with what its commands print now."""
    with TemporaryDirectory() as folder, _session(Path(folder)) as session:

        def renewed(match: re.Match[str]) -> str:
            old = match["text"]
            return match[0].removesuffix(f"{old}```") + f"{session.run(Block.of(match))}```"

        return _BLOCK.sub(renewed, text)


@dataclass
class Session:
    """Runs blocks in one folder. A `mockserver` command replaces the mock that is running."""

    folder: Path
    _mock: subprocess.Popen[str] | None = None
    _url: str = ""
    _environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {"PATH": path, "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def run(self, block: Block) -> str:
        """Run a block and return its text, of a console block with the current output."""
        if block.note.startswith("file: "):
            self._save(block.note.removeprefix("file: "), block.text)
        if not block.is_run:
            return block.text
        if block.language == "console":
            return "".join(f"$ {c}\n{self._output(c, block.show)}" for c in block.commands)
        for command in block.commands:
            self._execute(command)
        return block.text

    def stop(self) -> None:
        if self._mock is not None:
            self._mock.terminate()
            self._mock.communicate()
            self._mock = None

    def _save(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def _execute(self, command: str) -> None:
        if starts_mock(command):
            self._start(command)
            return
        done = self._bash(command)
        assert done.returncode == 0, f"{command}\nexit {done.returncode}\n{done.stdout}"

    def _output(self, command: str, show: tuple[str, ...]) -> str:
        printed = self._bash(command).stdout
        if show:
            answer = json.loads(printed)
            lines = [f"{path}: {_text(_part(answer, path))}\n" for path in show]
            printed = "".join(lines)
        printed = printed.replace(self._url, f"http://{_ADDRESS}") if self._url else printed
        printed = _SECONDS.sub(r"…\1s", printed)
        return printed if not printed or printed.endswith("\n") else f"{printed}\n"

    def _bash(self, command: str) -> subprocess.CompletedProcess[str]:
        if any(place in command for place in (_ADDRESS, "localhost:4010", _PRODUCTION)):
            assert self._url, f"no mock is running for: {command}"
            command = command.replace(_PRODUCTION, self._url)
            for place in (_ADDRESS, "localhost:4010"):
                command = command.replace(place, self._url.removeprefix("http://"))
        command = command.replace("CONTRACT_TOKEN=…", "CONTRACT_TOKEN=jane")
        if command.startswith("mockserver verify") and "--url" not in command:
            command = command.replace("verify", f"verify --url {self._url}", 1)
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LONGEST,
            check=False,
        )

    def _start(self, command: str) -> None:
        self.stop()
        words = [*shlex.split(command, comments=True), "--port", "0"]
        self._mock = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=self.folder,
            env=self._environment | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._mock.stdout is not None
        self._url = _address(self._mock.stdout, command)


def starts_mock(command: str) -> bool:
    """Return whether a command starts a server: `mockserver` alone, or with options only."""
    program, *words = shlex.split(command, comments=True) or [""]
    first = words[0] if words else "--"
    return program == "mockserver" and first.startswith("--") and first != "--help"


def _address(output: IO[str], command: str) -> str:
    printed = []
    for line in output:
        printed.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    raise AssertionError(f"{command}: the mock did not start\n{''.join(printed)}")


@contextmanager
def _session(folder: Path) -> Iterator[Session]:
    session = Session(folder)
    try:
        yield session
    finally:
        session.stop()


def _part(answer: object, path: str) -> object:
    for name in path.split("."):
        answer = answer[int(name)] if isinstance(answer, list) else answer[name]  # type: ignore[index]
    return answer


def _text(part: object) -> str:
    return json.dumps(part, ensure_ascii=False)
