"""Applies the diffs of a documentation page to a copy of the repository."""

import re
import shutil
from pathlib import Path

from tests.support.console import ROOT, blocks

COPIED = (
    *("mockserver", "contract_tests", "schemas", "fixtures", "tests"),
    *("openapi.yaml", "pyproject.toml"),
)


def copy_repository(target: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target / name, ignore=ignored)
        else:
            shutil.copy(source, target / name)


def apply_diffs(page: Path, target: Path) -> list[str]:
    """Apply every diff block of a page, in order; return the names of the files that changed.

    A hunk has no line numbers: its old lines must occur in the file exactly once.
    """
    changed = []
    for block in blocks(page.read_text()):
        if block.language == "diff":
            _, head, *hunks = re.split(r"^(?=\+\+\+ )|^@@\n", block.text, flags=re.MULTILINE)
            name = head.removeprefix("+++ b/").strip()
            for hunk in hunks:
                _apply(target / name, hunk)
            changed.append(name)
    return changed


def _apply(path: Path, hunk: str) -> None:
    lines = [(line[:1], line[1:]) for line in hunk.splitlines(keepends=True)]
    old = "".join(text for sign, text in lines if sign != "+")
    new = "".join(text for sign, text in lines if sign != "-")
    text = path.read_text() if path.exists() else ""
    found = text.count(old) if text else 1
    assert found == 1, f"{path.name} contains {found} times:\n{old}"
    path.write_text(text.replace(old, new) if text else new)
