"""`python -m tests`: every gate that a change must pass, each with its own verdict.

`python -m tests quick` leaves out the tests marked `slow`. Further arguments are passed to pytest.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
WORKERS = len(os.sched_getaffinity(0)) + 1
"""One more than there are cores: hundreds of tests wait for what must not happen."""

GATES = {
    "lint": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check", "--quiet"],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as m; m()"],
    "tests": ["-m", "pytest", "-n", str(WORKERS), "--dist", "worksteal", "--durations=25"],
}
QUICK = ["-m", "not slow"]


def main(arguments: list[str]) -> int:
    """Run the gates, passing `arguments` on to pytest; return 1 when any fails."""
    if arguments[:1] == ["quick"]:
        arguments = [*QUICK, *arguments[1:]]
    failed = [name for name, command in GATES.items() if not _passes(name, command, arguments)]
    print(f"failed: {', '.join(failed)}" if failed else "all gates passed", flush=True)
    return 1 if failed else 0


def _passes(name: str, command: list[str], arguments: list[str]) -> bool:
    print(f"== {name}: {' '.join(command)}", flush=True)
    started = time.monotonic()
    extra = arguments if name == "tests" else []
    with TemporaryDirectory() as folder:  # stored examples of earlier runs would change this one
        environment = os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": folder}
        result = subprocess.run(
            [sys.executable, *command, *extra], cwd=ROOT, env=environment, check=False
        )
    print(f"== {name}: exit {result.returncode}, {time.monotonic() - started:.0f} s", flush=True)
    return result.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
