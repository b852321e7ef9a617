"""A write to a ticket, read from its request."""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from contract_tests.observations.exchange import Request

_PATH = re.compile(r"^/api/tickets/(\d+)/(status|assignee)$")
STATUSES = ("open", "closed", "spam")
UNKNOWN_USER = 987_654_321
_LONGEST = 1000
KEYS = {"status": "status", "assignee": "user_id"}


@dataclass(frozen=True)
class Write:
    """A PUT of one value; `valid` when the page says that it is accepted.

    `free`: it may be refused, or taken for something; the page leaves that open, as for a body
    without user_id, a number or a status in another spelling, or another media type than JSON.
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
    def must_be_422(self) -> bool:
        """True for a value that is read and is none; what no server reads may be refused before."""
        if self.malformed or (isinstance(self.value, int) and abs(self.value) >= 2**63):
            return False
        return not isinstance(self.value, str) or len(self.value) <= _LONGEST

    @property
    def words(self) -> str:
        if self.free:
            return f"a body that the page leaves open for the {self.field}"
        if self.malformed:
            return f"a malformed body for the {self.field}"
        return f"{self.field} {json.dumps(self.value)}"


def read_write(request: Request) -> Write | None:
    """Return what a PUT means, or None if it does not update a ticket."""
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
    value = body.get(key) if isinstance(body, dict) else None
    if not _is_json(request) or (field == "assignee" and not _names_user(body)):
        return Write(ticket, field, value, free=True)
    if not isinstance(body, dict):
        return Write(ticket, field, valid=False, malformed=True)
    if key in body and _is_another_spelling(field, value):
        return Write(ticket, field, value, free=True)
    return Write(ticket, field, value, valid=key in body and _is_valid(field, value))


def _is_json(request: Request) -> bool:
    return request.content_type.partition(";")[0].strip().lower() == "application/json"


def _names_user(body: Any) -> bool:
    return isinstance(body, dict) and KEYS["assignee"] in body


def _is_another_spelling(field: str, value: Any) -> bool:
    """True for what frameworks may take for a valid value.

    That is a text with blanks around it, 5.0 or "5" for 5, and true for 1.
    """
    if isinstance(value, str):
        bare = value.strip()
        if field == "status":
            return bare in STATUSES and bare != value
        return bare == "" or bare.lstrip("+-").isdigit()
    return field == "assignee" and (
        value is True or (isinstance(value, float) and value.is_integer())
    )


def _is_valid(field: str, value: Any) -> bool:
    if field == "status":
        return value in STATUSES if isinstance(value, str) else False
    whole = isinstance(value, int) and not isinstance(value, bool) and value != UNKNOWN_USER
    return value is None or (whole and 0 < value < 2**63)
