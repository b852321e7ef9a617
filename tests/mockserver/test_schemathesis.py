"""A tester that nobody here wrote finds nothing: schemathesis, every check and phase."""

import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.proving.trial import SCHEMATHESIS_CONFIG
from tests.support.harness import Serving


@pytest.mark.long
@pytest.mark.slow
def test_schemathesis_finds_nothing(server: Serving, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(SCHEMATHESIS_CONFIG)]
    command += ["run", f"{server.url}/openapi.json", "--seed", "1", "--max-examples", "20"]
    command += ["--header", "Authorization: Bearer jane@schemathesis"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert "No issues found" in ran.stdout
