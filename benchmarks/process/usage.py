"""Processor time and memory of a whole process tree, read from /proc."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT = 3
_TIMES = slice(13, 17)
"""Fields of /proc/*/stat: user and system time, then those of ended children."""


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        if fields := _stat(int(path.name)):
            children.setdefault(int(fields[_PARENT]), []).append(int(path.name))
    found = [pid]
    for each in found:
        found.extend(children.get(each, []))
    return found


def processor_seconds(pid: int) -> float:
    """Return the user and system time of the tree, ended children included."""
    stats = [_stat(each) for each in tree(pid)]
    ticks = sum(int(value) for fields in stats if fields for value in fields[_TIMES])
    return ticks / _TICKS


def processor_nanoseconds(pids: Iterable[int]) -> int:
    """Return the run time of processes in nanoseconds; ended threads do not count.

    The difference of two readings is exact as long as a server keeps its threads.
    """
    return sum(
        int(path.read_text().split()[0])
        for pid in pids
        for path in Path(f"/proc/{pid}/task").glob("*/schedstat")
    )


def memory(pid: int) -> int:
    """Return the resident bytes of the tree; pages shared by processes count once."""
    return sum(_proportional(each) for each in tree(pid))


def _stat(pid: int) -> list[str]:
    """Return the fields; none for a process that has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    before, _, after = text.rpartition(")")  # a name may hold spaces and brackets
    return [before.split(" ", 1)[0], before, *after.split()]


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
