"""The activity log after writes: each change is in it once, as ours, and the rest stays."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contract_tests.laws.finding import Finding, holds, violated
from contract_tests.laws.updates.blame import refusal_of
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.expected_state import State
from contract_tests.observations.ticket import Detail, Row, actor_of, moment, traits_of
from contract_tests.observations.write import Write, read_write

_SIGNS = {"status": "status", "assignee": "assign"}
"""What the type of an entry about a field contains."""


def judge_additions(state: State, before: Detail, after: Detail) -> Iterator[Finding]:
    """Each change of ours left an entry: one of status is called so, and others otherwise."""
    changes: dict[str, list[tuple[Write, Exchange]]] = {}
    for exchange in state.changed:
        write = read_write(exchange.request)
        assert write is not None
        changes.setdefault(write.field, []).append((write, exchange))
    then, now = _by_field(before), _by_field(after)
    for field, made in changes.items():
        added = max(0, now[field] - then[field])
        for write, exchange in made if not added or added >= len(made) else ():
            if added:
                yield holds(f"{field}.activity", exchange, after.exchange)
            else:
                message = f"{write.words} left no activity"
                yield violated(f"{field}.activity", message, exchange, after.exchange)
        if 0 < added < len(made):
            values = ", ".join(write.words for write, _ in made)
            message = f"only {added} of {len(made)} changes ({values}) are in the log"
            sent = (exchange for _, exchange in made)
            yield violated(f"{field}.activity", message, *sent, after.exchange)


def judge_authors(state: State, before: Detail, after: Detail, me: int | None) -> Iterator[Finding]:
    """With as many entries about the status as changes of it by us, each is ours."""
    new = [entry for entry in new_entries(before, after) if field_of(entry) == "status"]
    changed = [e for e in state.changed if e.request.path.endswith("/status")]
    if me is None or len(new) != len(changed):
        return
    strangers = [actor for entry in new if (actor := actor_of(entry)) != me]
    if changed and strangers:
        other = "nobody" if strangers[0] is None else f"user {strangers[0]}"
        message = f"a change by user {me} is logged as one by {other}"
        yield violated("status.activity", message, *changed, after.exchange)


def judge_history(state: State, before: Detail, after: Detail) -> Iterator[Finding]:
    """What the log said before the writes it still says; one that is cut off loses its oldest."""
    old, new = _counted(before), _counted(after)
    gone = list((old - new).elements())
    if gone and state.last and new.total() - old.total() >= len(state.changed):
        message = f"an activity of {gone[0][2]} is gone or another after a write"
        yield violated("update.alone", message, before.exchange, state.last, after.exchange)


def judge_excess(state: State, before: Detail, after: Detail, me: int | None) -> Iterator[Finding]:
    """No more entries in our name than changes of ours: neither twice, nor of what was none.

    A write without an answer, or one that the deployment read in its own way, may be any change. A
    deployment may date and log a write that changes nothing, but not log it alone.
    """
    if me is None or any(_is_open(write, exchange) for write, exchange in state.sent):
        return
    added = _counted(after) - _counted(before)
    ours = Counter(kind for kind, actor, _ in added.elements() if actor == me)
    changes = Counter(write.field for e in state.changed if (write := read_write(e.request)))
    if not _kept_its_date(state, before, after):
        changes += Counter(w.field for w, e in state.sent if w.same and e.successful)
    for kind, count in ours.items():
        if count <= _allowed(kind, changes):
            continue
        if ours.total() <= changes.total():
            yield from _misnamed(state, kind, after)
        else:
            yield _one_too_many(state, kind, count, after)
        return


def new_entries(before: Detail, after: Detail) -> list[Row]:
    """Return the entries that were added; two of them may be alike, within a second."""
    known = list(before.activities)
    new = []
    for entry in after.activities:
        if entry in known:
            known.remove(entry)
        else:
            new.append(entry)
    return new


def is_of_others(before: Detail, after: Detail, me: int | None, writes: Counter[str]) -> bool:
    """True when the log tells that somebody else was at the ticket between two details.

    `writes` counts ours by field. An entry in another name may stand for one of them, unless there
    are more entries of its field than writes, or another of these entries is in our name. One in
    nobody's name is that of an automation, where there are more entries than writes.
    """
    if me is None:
        return False
    entries: dict[str, list[Any]] = {}
    for entry in new_entries(before, after):
        entries.setdefault(field_of(entry), []).append(actor_of(entry))
    for field, actors in entries.items():
        in_another_name = any(actor not in (me, None) for actor in actors)
        one_more = bool(field) and len(actors) > writes[field]
        if in_another_name and (not field or me in actors or one_more):
            return True
        if one_more and None in actors:
            return True
    return False


def field_of(entry: Row) -> str:
    """Return which field of a ticket an entry is about, "" for none that can be written."""
    kind = str(entry.get("type"))
    return next((field for field, sign in _SIGNS.items() if sign in kind), "")


def logged_at(detail: Detail, instant: datetime) -> int:
    """Return the number of log entries of an instant."""
    return sum(moment(entry.get("created_at")) == instant for entry in detail.activities)


def _by_field(detail: Detail) -> Counter[str]:
    """Return how many log entries are about the status, and how many about anything else."""
    fields = map(field_of, detail.activities)
    return Counter("status" if field == "status" else "assignee" for field in fields)


def _counted(detail: Detail) -> Counter[tuple[str, Any, Any]]:
    return Counter(map(traits_of, detail.activities))


def _is_open(write: Write, exchange: Exchange) -> bool:
    if not exchange.answered or (exchange.status or 0) >= 500:
        return True
    return write.free and exchange.successful


def _kept_its_date(state: State, before: Detail, after: Detail) -> bool:
    """True for a ticket that was never changed, so that any new date differs by a second."""
    unchanged = not state.changed and "changed_in_session" not in state.row
    return unchanged and before.ticket.get("updated_at") == after.ticket.get("updated_at")


def _allowed(kind: str, changes: Counter[Any]) -> int:
    """Return how many changes of ours an entry of this type can be about."""
    fields = [field for field, sign in _SIGNS.items() if sign in kind]
    return sum(changes[field] for field in fields) if fields else changes.total()


def _misnamed(state: State, kind: str, after: Detail) -> Iterator[Finding]:
    """Yield the change of the other field that an entry of this type stands for."""
    for exchange in state.changed:
        write = read_write(exchange.request)
        if write is not None and write.field[:6] not in kind:
            message = f"{write.words} is logged as {kind}"
            yield violated(f"{write.field}.activity", message, exchange, after.exchange)
            return


def _one_too_many(state: State, kind: str, count: int, after: Detail) -> Finding:
    """Blame a write that changed nothing, where there was one, else the changes."""
    for write, exchange in reversed(state.sent):
        if write.same and exchange.successful:
            message = f"{write.words}, which the ticket had, is logged as {kind}"
            return violated("update.same", message, exchange, after.exchange)
    refused = [(w, e) for w, e in state.sent if (e.status or 0) >= 400]
    if refused and not state.changed:
        named = [(w, e) for w, e in refused if w.field[:6] in kind]
        write, exchange = (named or refused)[0]
        message = f"{write.words} was refused, yet it is logged as {kind}"
        return violated(refusal_of(write, exchange), message, exchange, after.exchange)
    message = f"{len(state.changed)} changes by us are logged as {count} times {kind}"
    field = "status" if "status" in kind else "assignee"
    return violated(f"{field}.activity", message, *state.changed, after.exchange)
