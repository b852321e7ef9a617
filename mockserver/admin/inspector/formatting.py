"""Template filters: times, initials, addresses and message formats of the inspector."""

import re
from datetime import datetime
from typing import Any

from mockserver.api.assets import avatar
from mockserver.seed.generator.files import OWN

_STEPS = (
    (7 * 86400, 86400, "d"),
    (86400, 3600, "h"),
    (3600, 60, "min"),
)


def is_plain(body_html: str) -> bool:
    """Return whether a body holds only paragraphs and line breaks."""
    return not re.sub(r"</?p>|<br ?/?>", "", body_html).count("<")


def ago(moment: str, now: datetime) -> str:
    """Return an API time as an age such as `5 min`, `3 h` or `2 d`, or as a date."""
    then = datetime.fromisoformat(moment)
    passed = (now - then).total_seconds()
    if abs(passed) < 60:
        return "now"
    for limit, unit, name in reversed(_STEPS):
        if 0 < passed < limit:
            return f"{passed // unit:.0f} {name}"
    year = "" if then.year == now.year else f" {then.year}"
    return f"{then.day} {then:%b}{year}"


def clock_face(moment: str) -> str:
    """Return an API time to the minute."""
    then = datetime.fromisoformat(moment)
    return f"{then.day} {then:%b %Y, %H:%M}"


def initials(person: dict[str, Any]) -> str:
    """Return up to two letters of a person's name, else of their address."""
    words = re.findall(r"\w+", person.get("name") or person.get("email") or "?")
    return avatar.initials(words) or "?"


def file_address(url: str) -> str:
    """Return the address of an attachment, relative to the page; none for other schemes."""
    if url.startswith(OWN):
        return url.removeprefix(OWN)
    return url if url.startswith(("https://", "http://")) else ""
