"""`python -m tests`: every gate that a change must pass, each with its own verdict.

`python -m tests quick` leaves out the tests marked `slow`. Further arguments are passed to pytest.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
CORES = len(os.sched_getaffinity(0))
WORKERS = CORES + 1
"""One more than there are cores: hundreds of tests wait for what must not happen."""

GATES = {
    "types": ["-m", "mypy"],
    "collection": ["-m", "pytest", "--collect-only", "-qq"],
    "lint": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check", "--quiet"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as m; m()"],
}
"""Gates that run side by side; the collection compiles what each worker would compile again."""
TESTS = ["-m", "pytest", "-n", str(WORKERS), "--dist", "worksteal", "--durations=25"]
QUICK = ["-m", "not slow"]


def main(arguments: list[str]) -> int:
    """Run the gates, passing `arguments` on to pytest; return 1 when any fails."""
    if arguments[:1] == ["quick"]:
        arguments = [*QUICK, *arguments[1:]]
    with ThreadPoolExecutor(CORES) as pool:
        passed = dict(zip(GATES, pool.map(_passes, GATES, GATES.values()), strict=True))
    passed["tests"] = _passes("tests", [*TESTS, *arguments], shown=True)
    failed = [name for name, fine in passed.items() if not fine]
    print(f"failed: {', '.join(failed)}" if failed else "all gates passed", flush=True)
    return 1 if failed else 0


def _passes(name: str, command: list[str], *, shown: bool = False) -> bool:
    """Run a gate; its output is shown as it comes, or else at the end if it fails."""
    print(f"== {name}: {' '.join(command)}", flush=True)
    started = time.monotonic()
    with TemporaryDirectory() as folder:  # stored examples of earlier runs would change this one
        environment = os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": folder}
        result = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdout=None if shown else subprocess.PIPE,
            stderr=None if shown else subprocess.STDOUT,
            text=True,
            check=False,
        )
    output = f"{result.stdout}\n" if result.returncode and result.stdout else ""
    seconds = time.monotonic() - started
    print(f"{output}== {name}: exit {result.returncode}, {seconds:.0f} s", flush=True)
    return result.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
