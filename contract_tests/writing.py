"""A write as the suite means it, read back from its request."""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from contract_tests.exchange import Request

_PATH = re.compile(r"^/api/tickets/(\d+)/(status|assignee)$")
STATUSES = ("open", "closed", "spam")
UNKNOWN_USER = 987_654_321
KEYS = {"status": "status", "assignee": "user_id"}


@dataclass(frozen=True)
class Write:
    """A PUT of one value; `valid` when the page says that it is accepted.

    `free`: a body without user_id may be refused, or taken for null; the page leaves that open.
    """

    ticket: int
    field: Literal["status", "assignee"]
    value: Any = None
    valid: bool = True
    malformed: bool = False
    free: bool = False
    same: bool = False

    @property
    def person(self) -> Any:
        """The assignee as a row shows it, as far as a write knows."""
        return None if self.value is None else {"id": self.value}

    @property
    def words(self) -> str:
        if self.free:
            return "a body without user_id"
        if self.malformed:
            return f"a malformed body for the {self.field}"
        return f"{self.field} {json.dumps(self.value)}"


def read_write(request: Request) -> Write | None:
    """Return what a PUT means, or None when it is no update of a ticket."""
    match = _PATH.match(request.path)
    if request.method != "PUT" or match is None:
        return None
    ticket = int(match[1])
    field: Literal["status", "assignee"] = "status" if match[2] == "status" else "assignee"
    try:
        body = json.loads(request.body or b"")
    except ValueError:
        body = None
    key = KEYS[field]
    if field == "assignee" and (not isinstance(body, dict) or key not in body):
        return Write(ticket, field, free=True)
    if not isinstance(body, dict):
        return Write(ticket, field, valid=False, malformed=True)
    value = body.get(key)
    return Write(ticket, field, value, valid=key in body and _is_valid(field, value))


def _is_valid(field: str, value: Any) -> bool:
    if field == "status":
        return value in STATUSES if isinstance(value, str) else False
    whole = isinstance(value, int) and not isinstance(value, bool) and value != UNKNOWN_USER
    return value is None or (whole and value > 0)
