"""Requests that show defects of content, of rare cases, unusual spellings and second tries."""

from tests.support.more_probes import SEARCH, STATUS
from tests.support.probes import API, NOWHERE, Caller, Facts, Probe


def content(jane: Caller, facts: Facts) -> None:
    """Look at every ticket in lists and in detail, and at refusals."""
    for _ in range(2):
        for page in (1, 2):
            jane.list(per_page=80, page=page)
        jane.detail(facts.ids[0])
        jane.detail(facts.ids[0])
    for size in (3, 4, 5):
        jane.list(per_page=size)
    for id in facts.ids:
        jane.detail(id)
    jane.detail(NOWHERE)
    jane.list(sort="name")
    jane.list(None)
    jane.detail(facts.ids[0], None)


def rare(jane: Caller, facts: Facts) -> None:
    """Spell requests in unusual ways, and ask for each ticket, often and twice."""
    for size in (1, 2, 3, 7, 99, 100):
        jane.list(per_page=size)
        jane.list(page=2, per_page=size)
        jane.list(sort="created_at", per_page=size, page=3)
        jane.list(per_page=size, page=2)
        jane.list(**{STATUS: "closed"}, per_page=size)
    jane.list(**{"sort": "created_at", "page": "", STATUS: "spam"}, per_page=50)
    jane.list(**{"per_page": 40, STATUS: "open", "sort": "created_at"}, page=1)
    jane.list(**{SEARCH: "1086"}, per_page=10)
    jane.list(**{SEARCH: "the"}, per_page=10)
    jane.list(**{SEARCH: "2"}, per_page=10)
    for page in (1, 4, 3):
        jane.list(per_page=20, page=page)
    for id in facts.ids:
        jane.detail(id)
    first = facts.ids[0]
    for id in (NOWHERE, 2**32 + first, f"{first}abc", -first, 0, first, first):
        jane.detail(id)
    for _ in range(2):
        jane.list(sort="name")
    for _ in range(8):
        jane.list()


def heads(jane: Caller, facts: Facts) -> None:
    """Ask for the headers of lists and tickets alone, also where GET is refused."""
    for token in ("jane", None):
        for path in (API, f"{API}/{facts.ids[0]}", f"{API}/{NOWHERE}"):
            jane.ask("head", "HEAD", path, token)
    jane.list()


def retries(jane: Caller, facts: Facts) -> None:
    """Read twice without a token."""
    for _ in range(2):
        jane.list(None)
        jane.detail(facts.ids[0], None)


def retried_writes(jane: Caller, facts: Facts) -> None:
    """Send writes that are refused twice, and look at the ticket after each."""
    id = facts.first(lambda ticket: ticket["status"] == "open" and ticket["assignee"])[0]
    for body in ({"status": "archived"}, {"user_id": 123_456}):
        noun = "status" if "status" in body else "assignee"
        for _ in range(2):
            jane.write(noun, id, body)
            jane.detail(id)
    for _ in range(2):
        jane.write("status", id, data=b"{", content_type="application/json")
        for token in (None, "readonly"):
            jane.status(id, "spam", token)
            jane.detail(id)


READING: dict[str, tuple[Probe, ...]] = {
    "content": (content,),
    "rare": (rare,),
    "heads": (heads,),
    "retries": (retries,),
}
"""Which probes show the defects of a family while nothing is changed."""

WRITING: dict[str, tuple[Probe, ...]] = {"retries": (retried_writes,)}
"""Which probes show those that only changes show."""
