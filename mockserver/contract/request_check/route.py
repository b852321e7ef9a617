"""The operation of a method and a path, or the nearest documented route."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from mockserver.contract.choices import Choices
from mockserver.contract.operation import Operation
from mockserver.contract.operations import Contract
from mockserver.contract.request_check.finding import Finding

_INTEGER = re.compile(r"[1-9][0-9]{0,15}")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.IGNORECASE)
_LIKENESS = 0.7

_IDENTIFIED = {"getTicket": "ticket", "getContact": "contact"}
"""Operations whose path, as those below it, has the id of one of these."""

_FORMS = {
    "integer": "an integer such as 42",
    "ulid": "a ULID",
    "either": "an integer such as 42, or a ULID",
}


class Router:
    def __init__(self, contract: Contract, choices: Choices) -> None:
        self._ids = choices.path_id
        self._operations = tuple(contract.operations.values())
        self._nouns = dict(_nouns(contract))
        self._patterns = {o.path: re.compile(_pattern(o.path)) for o in self._operations}

    def find(self, method: str, path: str) -> tuple[Operation | None, list[Finding]]:
        """Return the operation, None for an unknown route, and the findings."""
        here = [o for o in self._operations if self._patterns[o.path].fullmatch(path)]
        asked = "GET" if method == "HEAD" else method
        for operation in here:
            if operation.method == asked:
                return operation, self._judge_id(operation, path)
        if here:
            meant = self._nearest(asked, here[0].path, here)
            return None, [
                Finding("unknown_method", "method", f"{method} is not documented here", meant)
            ]
        meant = self._nearest(asked, generic(path), self._operations)
        return None, [Finding("unknown_route", "path", "not a documented route", meant)]

    def _judge_id(self, operation: Operation, path: str) -> list[Finding]:
        match = self._patterns[operation.path].fullmatch(path)
        noun = self._nouns.get(operation.path)
        if match is None or noun is None or self._is_id(match[1]):
            return []
        message = f"{match[1][:40]!r} is not a valid {noun} id: use {_FORMS[self._ids]}"
        return [Finding("wrong_value", "path", message)]

    def _is_id(self, key: str) -> bool:
        if self._ids != "ulid" and _INTEGER.fullmatch(key):
            return True
        return self._ids != "integer" and bool(_ULID.fullmatch(key))

    def _nearest(self, method: str, path: str, among: Iterable[Operation]) -> str | None:
        """Return the most similar route, preferring the same method."""
        paths = [operation.path for operation in among]
        close = get_close_matches(path, paths, n=len(paths) or 1, cutoff=_LIKENESS)
        closest = [o for each in close for o in among if o.path == each]
        closest.sort(key=lambda o: (close.index(o.path), o.method != method))
        return f"{closest[0].method} {closest[0].path}" if closest else None


def _nouns(contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield the paths with the id of a ticket or a contact, and of which."""
    for id, noun in _IDENTIFIED.items():
        start = contract.operations[id].path if id in contract.operations else None
        for operation in contract.operations.values():
            if start and (operation.path == start or operation.path.startswith(f"{start}/")):
                yield operation.path, noun


def _pattern(path: str) -> str:
    return re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(path)) + "/?"


def generic(path: str) -> str:
    """Return a path with `{id}` in place of ids."""
    parts = [part for part in path.split("/") if part]
    named = ["{id}" if part.isdecimal() or _ULID.fullmatch(part) else part for part in parts]
    return "/" + "/".join(named)
