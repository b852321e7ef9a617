"""HAR files, as browsers, proxies and test tools write them, read as exchanges."""

import json
import zipfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contract_tests.adaptations.adapter import Adapter
from contract_tests.adaptations.requests import base_path
from contract_tests.adaptations.requests.base_path import DOCUMENTED
from contract_tests.observations.exchange import LIST_PATH, Exchange, Who
from contract_tests.recordings.har_entry import Attachment, Entry, Unusable, origin

_LARGEST = 500_000_000
"""Bytes of all files of a .zip together, unpacked."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class HarError(Exception):
    """The file is not a HAR file that can be judged; the message says why."""


@dataclass
class Traffic:
    """Recorded exchanges with one deployment; `left_out` counts entries by the reason."""

    base_url: str
    exchanges: list[Exchange]
    secrets: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    of_app: bool = True
    """Whether an app sent the requests; False for those of a run of the suite."""
    anonymous: bool = False
    """Whether no request has an Authorization header: recorders may take it out."""
    adapter: Adapter | None = None
    """What a run of the suite read the exchanges with; that of other traffic is to be learnt."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out and why, and what is not known."""
        found = []
        if count := self.left_out.total():
            reasons = ", ".join(f"{n} {reason}" for reason, n in self.left_out.most_common())
            found.append(f"{count} of {count + len(self.exchanges)} entries left out: {reasons}")
        if self.anonymous:
            found.append("no entry has an Authorization header; all count as one user's")
        return tuple(found)


def open_har(path: Path) -> tuple[Any, Attachment]:
    """Return the document of a .har or .zip file, and what reads the files recorded beside it.

    Raises OSError, and HarError for a file that holds no JSON document.
    """
    if not zipfile.is_zipfile(path):
        return _document(path.read_bytes()), lambda name: _beside(path, name)
    with zipfile.ZipFile(path) as archive:
        if sum(each.file_size for each in archive.infolist()) > _LARGEST:
            raise HarError(f"it unpacks to more than {_LARGEST // 1_000_000} MB")
        try:
            files = {name: archive.read(name) for name in archive.namelist()}
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise HarError(f"it is not a readable zip file: {error}") from None
    found = [name for name in files if name.endswith(".har")]
    if not found:
        raise HarError("the zip file contains no .har file")
    return _document(files[found[0]]), files.get


def read(
    document: Any, base_url: str | None = None, attachment: Attachment = lambda _: None
) -> Traffic:
    """Return the traffic of a HAR document with `base_url`, or with the host that has most.

    Raises HarError.
    """
    log = document.get("log") if isinstance(document, dict) else None
    raw = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(raw, list):
        raise HarError('it is not a HAR file: it has no list "entries" in "log"')
    left_out: Counter[str] = Counter()
    entries = _in_order(raw, attachment, left_out)
    origins = dict.fromkeys(entry.origin for entry in entries)
    own = {name: _of_api([e for e in entries if e.origin == name]) for name in origins}
    if not any(own.values()):
        raise HarError(f"no request in it goes to {LIST_PATH}")
    chosen = origin(base_url) if base_url else max(own, key=lambda name: len(own[name]))
    if not own.get(chosen):
        raise HarError(f"no request in it goes to {chosen}{LIST_PATH}")
    traffic = _traffic(own[chosen], Traffic(chosen, [], left_out=left_out))
    if not traffic.exchanges:
        raise HarError(f"there is nothing to judge: {'; '.join(traffic.notes)}")
    return traffic


def _in_order(raw: list[Any], attachment: Attachment, left_out: Counter[str]) -> list[Entry]:
    """Return the entries that may be of the API, in the order sent."""
    entries = []
    for each in raw:
        try:
            entry = Entry(each, attachment)
        except Unusable as reason:
            left_out[str(reason)] += 1
        else:
            entries += [entry] if entry.may_be_api else []
    if all(entry.started for entry in entries):
        entries.sort(key=lambda entry: entry.started or _EPOCH)
    return entries


def _of_api(entries: list[Entry]) -> list[Entry]:
    """Return the entries of one origin at the documented path, or at the one that shows tickets."""
    exchanges = []
    for number, entry in enumerate(entries, 1):
        with suppress(Unusable):
            exchanges.append(entry.exchange(number, "main", _EPOCH))
    bases = [DOCUMENTED, *(found.actual for found, _ in base_path.recorded(exchanges))]
    return [entry for entry in entries if any(entry.is_below(base) for base in bases)]


def _traffic(entries: list[Entry], traffic: Traffic) -> Traffic:
    owners = Owners([entry.authorization for entry in entries])
    traffic.secrets = owners.secrets
    traffic.anonymous = not owners.secrets
    started = _EPOCH
    for entry in entries:
        started = entry.started or started
        try:
            who = owners.who(entry)
            number = len(traffic.exchanges) + 1
            traffic.exchanges.append(entry.exchange(number, who, started))
        except Unusable as reason:
            traffic.left_out[str(reason)] += 1
    return traffic


class Owners:
    """Tells whose request an entry is: the token seen most often is the main one."""

    def __init__(self, headers: list[str]) -> None:
        given = Counter(header for header in headers if header)
        self._main = given.most_common(1)[0][0] if given else ""
        self.secrets = sorted({header.rpartition(" ")[2] for header in given})

    def who(self, entry: Entry) -> Who:
        """Return whose request it is; raises Unusable for another user's.

        A request without any credentials is anonymous only where others show theirs: many
        recorders take all of them out. Then a 401 may be the answer to a wrong token.
        """
        if not self._main and entry.status == 401:
            raise Unusable("answered with 401, with a token that is not in the file")
        if entry.authorization == self._main:
            return "main"
        if entry.authorization and entry.status == 401:
            return "wrong"
        if entry.authorization or entry.has_cookie:
            raise Unusable("of another user")
        if self._main and not entry.has_headers:
            raise Unusable("without the headers of the request")
        return "none"


def _document(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise HarError("it is not a text file in UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise HarError(f"it is not valid JSON: {error}") from None


def _beside(path: Path, name: str) -> bytes | None:
    """Read a file in the folder of a HAR file; a name with a path is not read."""
    file = path.parent / Path(name).name
    return file.read_bytes() if file.is_file() else None
