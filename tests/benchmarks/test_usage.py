"""Processor time and memory are those of the whole process tree."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.process.usage import memory, processor_seconds, tree

_FAMILY = """
import subprocess, sys, time
if sys.argv[1:]:
    held = b"x" * 80_000_000
    while time.process_time() < 0.3: pass
    print("done", flush=True)
    sys.stdin.read()
else:
    subprocess.run([sys.executable, __file__, "child"], check=False)
"""


@pytest.fixture
def family(tmp_path: Path) -> Iterator[int]:
    """A process that does nothing, whose child has spent 0.3 seconds and holds 80 MB."""
    script = tmp_path / "family.py"
    script.write_text(_FAMILY)
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, script], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        yield process.pid
        process.communicate()


def test_a_childs_processor_time_and_memory_count(family: int) -> None:
    assert len(tree(family)) == 2
    assert processor_seconds(family) >= 0.3
    assert memory(family) >= 80_000_000


def test_pages_that_processes_share_count_once(family: int) -> None:
    resident = [
        int(line.split()[1]) * 1024
        for pid in tree(family)
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    ]
    assert memory(family) < sum(resident)
