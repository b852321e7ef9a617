"""The mock as one file: built, and run from a folder that has nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

BUILD = Path(__file__).parents[2] / ".ci" / "pyz"


@pytest.mark.long
@pytest.mark.slow
def test_one_file_prints_the_contract(tmp_path: Path) -> None:
    target = tmp_path / "mockserver.pyz"
    python = Path(sys.executable).parent
    built = subprocess.run(
        [BUILD, target],
        env={"PATH": f"{python}:/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr[-2000:]
    ran = subprocess.run(
        [sys.executable, "-S", target, "spec"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "SHIV_ROOT": str(tmp_path / "unpacked")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.startswith("openapi: 3.1.0"), ran.stderr[-2000:]
