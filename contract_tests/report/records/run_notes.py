"""Notes on a run: what a reader must know of it beside its violations."""

from collections import Counter
from collections.abc import Iterator

from contract_tests.report.masking.data_mask import PLACEHOLDER
from contract_tests.report.wording import SHOWN, Node, exchanges, headline, plural, value
from contract_tests.run.planned_requests import REMAINS


def run_errors(record: Node) -> Iterator[tuple[str, str, str]]:
    """Yield what made a run fail beside violations: its id, what should be, and what happened."""
    if record["verdict"] not in ("conforming", "violated"):
        yield "run.verdict", "The run reaches a verdict", headline(record)
    failed = [entry for entry in record["undo"] if entry["outcome"] == "failed"]
    if failed:
        fields = ", ".join(f"the {entry['field']} of ticket {entry['ticket']}" for entry in failed)
        yield "run.undo", "The writes of the run are undone", f"Not restored: {fields}."


def not_restored(record: Node) -> Iterator[str]:
    """Yield what somebody must put back by hand, because the run could not."""
    for entry in record["undo"]:
        if entry["outcome"] == "failed":
            restoring = f"could not be restored to {value(entry['original'])}"
            yield f"ticket {entry['ticket']}: its {entry['field']} {restoring}; do it by hand"


def transport(record: Node) -> Iterator[str]:
    """Yield a sentence about broken connections, and one about lists that lagged behind writes."""
    exchanges = record["exchanges"]
    broken = [e for e in exchanges if len(e["notes"]) > bool(e.get("cut"))]
    if broken:
        answered = sum(e["status"] is not None for e in broken)
        yield (
            f"Broken connections: {plural(len(broken), 'request')} met one; "
            f"{answered} of them got an answer when sent again."
        )
    stale = sum("stale" in e for e in exchanges)
    if stale:
        yield f"Answers that did not show the last writes yet, and were requested again: {stale}."


def nothing_written(record: Node) -> str:
    """Return why a run that was to write changed nothing; empty if a write was carried out."""
    sent = [e for e in record["exchanges"] if e["method"] == "PUT"]
    writes = [e for e in sent if e["token"] == "main"]  # noqa: S105 - the name of a token
    if any(200 <= (e["status"] or 0) < 300 for e in writes):
        return ""
    if writes:
        answers = Counter(str(e["status"] or "no answer") for e in writes)
        counts = ", ".join(f"{status} ({count} times)" for status, count in answers.items())
        return f"every write was refused, with {counts}"
    reasons = (
        s["reason"]
        for s in record["requirements"]
        if s["id"] in ("status.accepted", "assignee.accepted")
    )
    reason = next((r.partition(": ")[2] for r in reasons if r), "")
    return reason or record["run"]["stopped"] or "no write was sent"


def cut_short(record: Node) -> str:
    """Return what stands beside the verdict of a run that did not send its plan."""
    words = record["run"].get("cut_short")
    return f" (cut short: {words})" if words else ""


def remains(record: Node) -> str:
    """Return what the run left on the tickets that it wrote to; empty without `undo` entries."""
    refused = {entry["ticket"] for entry in record["undo"]}
    tickets = {e["ticket"] for e in record["undo"] if e["outcome"] != "unchanged"}
    numbers = ", ".join(map(str, sorted(tickets or refused)))
    if not tickets:
        words = f"Nothing was changed on ticket {numbers}: every write was refused"
        return words if refused else ""
    return f"What remains on ticket {numbers}: {'; '.join(REMAINS)}"


def masked_requests(record: Node) -> str:
    """Return how to see the requests that cannot be sent as shown; empty if there are none."""
    sent = exchanges(record)
    shown = {n for violation in record["violations"] for n in violation["exchanges"][:SHOWN]}
    if not any(PLACEHOLDER.search(sent[number]["curl"]) for number in shown):
        return ""
    return "search words are masked; --show-data shows requests that can be sent"
