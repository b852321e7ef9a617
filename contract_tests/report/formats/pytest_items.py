"""Shows a finished run in pytest, as one test for each requirement, and one for the run itself."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from mockserver.contract.command_line import COULD_NOT_RUN

VARIABLE = "CONTRACT_RECORD"
"""Names the file with the record that test_requirements.py shows."""
_PYTEST_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
"""Options and plugins that are meant for the user's own tests."""


def show(body: dict[str, Any], arguments: tuple[str, ...]) -> int:
    """Run pytest over a record and return its exit status, or 2 if it ran no test."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "record.json"
        file.write_text(json.dumps(body), encoding="utf-8")
        module = Path(__file__).with_name("test_requirements.py")
        own = ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(module.parent)]
        command = [sys.executable, "-m", "pytest", *own, str(module), *arguments]
        kept = {name: os.environ[name] for name in os.environ if name not in _PYTEST_VARIABLES}
        environment = {**kept, VARIABLE: str(file)}
        done = subprocess.run(command, env=environment, check=False)  # noqa: S603 - pytest itself
    return done.returncode if done.returncode in (0, 1) else COULD_NOT_RUN
