"""The code blocks of a documentation page, run in order as a reader would run them."""

import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from tests.support.harness import serving

ROOT = Path(__file__).resolve().parents[2]

_BLOCK = re.compile(
    r"(?:<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_ADDRESS = "127.0.0.1:4010"
_PRODUCTION = "https://app.therethere.com"
_SECONDS = re.compile(r"\b\d+\.\d+( ?m?s)\b")
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
    with TemporaryDirectory() as folder, Session(Path(folder)) as session:

        def renewed(match: re.Match[str]) -> str:
            old = match["text"]
            return match[0].removesuffix(f"{old}```") + f"{session.run(Block.of(match))}```"

        return _BLOCK.sub(renewed, text)


class Session:
    """Runs blocks in one folder. A `mockserver` command replaces the mock that is running.

    `127.0.0.1:4010` in a command stands for this mock, and so does the address of production.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = ExitStack()
        self._url = ""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

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

    def _save(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def _execute(self, command: str) -> None:
        if starts_mock(command):
            self._start(command)
            return
        done = self._bash(command)
        assert done.returncode == 0, f"{command}\nexit {done.returncode}\n{done.stdout}"

    def _start(self, command: str) -> None:
        self._running.close()
        options = shlex.split(command)[1:]
        self._url = self._running.enter_context(serving(*options, folder=self._folder)).url

    def _output(self, command: str, show: tuple[str, ...]) -> str:
        printed = self._bash(command).stdout
        if show:
            answer = json.loads(printed)
            printed = "".join(f"{path}: {_part(answer, path)}\n" for path in show)
        if self._url:
            printed = printed.replace(self._url, f"http://{_ADDRESS}")
        printed = _SECONDS.sub(r"…\1", printed)
        return printed if not printed or printed.endswith("\n") else f"{printed}\n"

    def _bash(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", self._addressed(command)],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LONGEST,
            check=False,
        )

    def _addressed(self, command: str) -> str:
        """Return a command that uses the mock of this session and a token of its world."""
        command = command.replace("CONTRACT_TOKEN=…", "CONTRACT_TOKEN=jane")
        command = command.replace("mockserver verify", f"mockserver verify --url http://{_ADDRESS}")
        if starts_mock(command):  # and fails, as a console block shows; 4010 may be in use
            return f"{command} --port 0"
        if _ADDRESS not in command and _PRODUCTION not in command:
            return command
        assert self._url, f"no mock is running for: {command}"
        address = self._url.removeprefix("http://")
        return command.replace(_PRODUCTION, self._url).replace(_ADDRESS, address)


def starts_mock(command: str) -> bool:
    """Return whether a command starts a server: `mockserver` alone, or with options only."""
    program, *words = shlex.split(command)
    return program == "mockserver" and all(word.startswith("-") for word in words[:1])


def _part(answer: Any, path: str) -> str:
    """Return the part of a JSON value at a path such as `data.0.id`, as JSON."""
    for name in path.split("."):
        answer = answer[int(name)] if isinstance(answer, list) else answer[name]
    return json.dumps(answer, ensure_ascii=False)
