"""Scripts: the steps of a ticket after its first message, and their times."""

# Scripts by final status, each with its weight. Steps that would be after the end of the history
# are skipped.
SCRIPTS: dict[str, tuple[tuple[int, str], ...]] = {
    "closed": (
        (5, "assign answer close"),
        (4, "assign answer thanks close"),
        (4, "assign answer followup solution close"),
        (3, "assign note answer followup solution thanks close"),
        (2, "assign answer close followup reopen solution close"),
        (2, "assign reassign answer close"),
        (1, "assign forward note answer close"),
        (1, "answer close"),
        (7, "assign answer autoclose"),
        (4, "assign answer followup solution autoclose"),
    ),
    "open": (
        (4, "assign answer"),
        (4, "assign answer followup"),
        (2, "assign"),
        (2, "assign note"),
        (2, "assign answer followup note solution"),
        (1, "assign forward"),
        (1, "assign answer close followup reopen"),
        (1, "assign note unassign"),
        (4, ""),
    ),
    "spam": (
        (5, "spam"),
        (3, "autospam"),
        (1, "assign spam"),
    ),
}
LONGEST_SCRIPT = 1 + max(len(steps.split()) for ways in SCRIPTS.values() for _, steps in ways)

_HOUR = 3600
# Typical duration of each step in seconds.
_PAUSES = {
    "assign": _HOUR // 2,
    "reassign": 2 * _HOUR,
    "unassign": 5 * _HOUR,
    "answer": 3 * _HOUR,
    "followup": 9 * _HOUR,
    "solution": 5 * _HOUR,
    "thanks": 6 * _HOUR,
    "note": _HOUR,
    "forward": _HOUR,
    "close": 4 * _HOUR,
    "reopen": 0,
    "spam": 4 * _HOUR,
    "autospam": 20,
}
_SHORTEST, _LONGEST = 20, 8  # seconds; typical pauses
_WEEK = 7 * 24 * _HOUR
_FRIDAY_EVENING = (24 + 17) * _HOUR  # 1 January 1970 was a Thursday


def time_of(step: str, second: int, chance: float) -> int:
    """Return the time of a step after the previous one; `chance` is in the interval [0, 1)."""
    if step == "autoclose":
        return _next_sweep(second)
    # Half of all pauses are shorter than the typical one, and a few are many times as long.
    typical, times = _PAUSES[step], min(chance / (1.0 - chance), _LONGEST)
    return second + max(int(times * typical), _SHORTEST if typical else 1)


def _next_sweep(second: int) -> int:
    """Return the next Friday, 17:00 UTC, when an automation closes answered tickets."""
    return second + _WEEK - (second - _FRIDAY_EVENING) % _WEEK
