"""Requests that show the defects of the second and the holdout part of the catalogue."""

from base64 import b64encode
from typing import Any

from mockserver.contract.html_text import text_of
from tests.support.probes import API, NOWHERE, Caller, Facts, Probe

STATUS, CHANNELS, TAGS = "filter[status]", "filter[channel_ids]", "filter[tag_ids]"
MINE, UNASSIGNED, SEARCH = "filter[assigned_to_me]", "filter[unassigned]", "filter[search]"


def combined(jane: Caller, facts: Facts) -> None:
    """Give two to four filters in several orders, and lists of odd and even values."""
    one, tag = facts.channels[0], facts.tags[0]
    alone = {STATUS: "closed", CHANNELS: one, TAGS: tag, SEARCH: "the", MINE: "true",
             UNASSIGNED: "true"}  # fmt: skip
    for query in (alone, {STATUS: "open"}):
        for name, value in query.items():
            jane.list(per_page=100, **{name: value})
            jane.list(per_page=5, page=2, sort="last_activity_at", **{name: value})
    for names in (
        *((a, b) for a in alone for b in alone if a != b),
        *((STATUS, CHANNELS, TAGS), (TAGS, SEARCH, STATUS), (SEARCH, UNASSIGNED, CHANNELS)),
        *((STATUS, TAGS, CHANNELS, UNASSIGNED), (SEARCH, STATUS, CHANNELS, MINE)),
    ):
        jane.list(per_page=100, **{name: alone[name] for name in names})
        jane.list(per_page=2, page=2, **{name: alone[name] for name in names})
    jane.list(per_page=100, **{UNASSIGNED: "false", STATUS: "spam", CHANNELS: one})
    lists(jane, facts)


def lists(jane: Caller, facts: Facts) -> None:
    a, b, c = facts.channels[:3]
    channels = ("1,3", f"{a},{b},{c}", f"{a},999999", f"999999,{a}", f"{a},{a}", f"{a}, {b}")
    x, y, z = facts.tags[:3]
    tags = ("3,6", f"{x},{y},{z}", f"{x},999999,{y}", f"{x},{x}", f"{x},,{y}")
    statuses = ("open,closed,spam", "open,archived", "open,open", "closed,,spam", "open,", "1")
    for name, values in {CHANNELS: channels, TAGS: tags, STATUS: statuses}.items():
        for value in values:
            jane.list(per_page=100, **{name: value})
    for value in ("1", "0"):
        jane.list(per_page=100, **{MINE: value})
        jane.list(per_page=100, **{UNASSIGNED: value})


def orders(jane: Caller, facts: Facts) -> None:
    """Ask for each order twice, whole, in pages, filtered and searched."""
    keys = [sign + key for key in ("created_at", "updated_at", "last_activity_at") for sign in "- "]
    for key in [None, *(key.strip() for key in keys), "created_at,updated_at", "-updated_at,id"]:
        sort = {} if key is None else {"sort": key}
        for query in ({"per_page": 100}, {"per_page": 40, "page": 2}, {"per_page": 40, "page": 3}):
            jane.list(**query, **sort)
            jane.list(**query, **sort)
        for name, value in ((STATUS, "open"), (SEARCH, "the"), (TAGS, facts.tags[0])):
            jane.list(per_page=100, **sort, **{name: value})


def terms(jane: Caller, facts: Facts) -> None:
    """Search words of every place, and terms that some search would take for syntax."""
    whole = max(facts.details, key=lambda t: len(t["messages"][0]["body_html"]))
    last = whole["messages"][0]["body_html"].removesuffix("</p>").split()[-1]
    late = max((t["subject"] for t in facts.details), key=len)[-12:]
    for term in (
        *facts.words(), *kinds_of_words(facts), last, late,
        *("the", "my", "is", "orders", "password reset", "back in stock later", "1086", "401"),
        *("Third", "é", "É", "Émile", "🚀", "strong", "href", "<p>", "<b>", "&", "pdf", "png"),
        *("billing", "urgent", "Support", "step 3️⃣", ": ", "(", "/", "two-factor", "card-reader"),
        *('"reset" link', "it's", "can't", "*", "a*e", "stock?", "passw?rd", "a+b", "%20", "%41"),
        *("When is the card reader back in stock", "Password reset link has been lost"),
    ):  # fmt: skip
        jane.list(per_page=100, **{SEARCH: term})
    for term in ("the", "password"):
        for page in (1, 2):
            jane.list(per_page=5, page=page, **{SEARCH: term})


def kinds_of_words(facts: Facts) -> list[str]:
    """Return a long word of a note, of an answer, of middle messages and of capitals."""
    messages = [m for t in facts.details if len(t["messages"]) < 9 for m in t["messages"]]
    found: dict[str, str] = {}
    for message in messages:
        words = message["body_html"].replace("<", " <").replace(">", "> ").split()
        plain = [word.strip(".,") for word in words if "<" not in word]
        found.setdefault(message["type"], max(plain, key=len, default="the"))
    return [*found.values(), *middles(facts), *across(facts)]


def middles(facts: Facts) -> list[Any]:
    threads = [t["messages"] for t in facts.details if 2 < len(t["messages"]) < 9]
    texts = [thread[1]["body_html"].partition("<p>")[2].partition("<")[0] for thread in threads]
    return [text[:40] for text in texts if text][:6]


def across(facts: Facts) -> list[str]:
    """Return terms that begin before a tag of a message and end behind it."""
    texts = [text_of(t["messages"][0]["body_html"]) for t in facts.details[:3]]
    starts = [len(t["messages"][0]["body_html"].partition("</p>")[0]) for t in facts.details[:3]]
    return [text[at - 8 : at + 8] for text, at in zip(texts, starts, strict=True)]


def counts(jane: Caller, facts: Facts) -> None:
    """Look at first, last, empty, full and far pages, plain, filtered and sorted."""
    pair = next(t["tags"] for t in facts.details if len(t["tags"]) == 2)
    queries: tuple[dict[str, Any], ...] = (
        *({}, {STATUS: "open"}, {STATUS: "closed", "sort": "created_at"}, {SEARCH: "the"}),
        *({TAGS: f"{pair[0]['id']},{pair[1]['id']}"}, {SEARCH: "no ticket has this"}),
        *({SEARCH: "two-factor codes"}, {STATUS: "open,closed"}),
    )
    for query in queries:
        for size in (1, 20, 100):
            for page in (1, 2, 3, 500):
                jane.list(per_page=size, page=page, **query)
    jane.list(page=2, per_page=10)


def callers(jane: Caller, facts: Facts) -> None:
    """Ask with tokens that are missing, damaged, withdrawn, of others, and in other places."""
    known, basic = facts.ids[0], b64encode(b"jane:").decode()
    tokens = (None, "Bearer ", "nobody", "jan", "jane", "readonly", "revoked", "other", "alice")
    for token in (*tokens, f"Basic {basic}"):
        for id in (known, facts.foreign, NOWHERE):
            jane.detail(id, token)
        jane.list(token, per_page=5)
        jane.list(token, **{UNASSIGNED: "true"}, per_page=100)
        jane.list(token, sort="name")
        jane.list(token, api_token="jane")
    for _ in range(2):
        jane.list(per_page=5)
        jane.detail(known)
    for _ in range(30):
        jane.list(per_page=3)


def caller_writes(jane: Caller, facts: Facts) -> None:
    """Write with each kind of token to a ticket of each workspace, and look at both."""
    own, user = facts.ids[0], facts.users[0]
    jane.status(own, "spam")
    for turn, token in enumerate((None, "nobody", "jan", "revoked", "readonly", "other", "jane")):
        for id in (own, facts.foreign):
            jane.status(id, ("closed", "spam")[turn % 2], token)
            jane.assignee(id, (user, None)[turn % 2], token)
            jane.status(id, "none of these", token)
        jane.detail(own)
        jane.detail(facts.foreign, "other")


def bodies(jane: Caller, facts: Facts) -> None:
    """Send every value to an assigned ticket and an unassigned one, in each status."""
    own = [id for s in SOME for id in of_status(facts, s, assigned=True)]
    free = [id for s in SOME for id in of_status(facts, s, assigned=False)]
    user, other = facts.users[:2]
    for id in (*own, *free):
        for status in (*SOME, *SOME, "spam"):
            jane.status(id, status)
        for each in (user, other, other, None, 1, None):
            jane.assignee(id, each)
            jane.detail(id)
        jane.write("status", id, {"status": "closed", "user_id": user})
        jane.write("assignee", id, {"user_id": other, "status": "open"})
    near = (9, 7, 2**32 + user, [user], {"id": user}, f"{user}abc", -user)
    for id in (own[0], free[0], NOWHERE):
        wrong_bodies(jane, id, (*WRONG_USERS, *near))


def wrong_bodies(jane: Caller, id: int, users: tuple[Any, ...]) -> None:
    for value in WRONG_STATUSES:
        jane.write("status", id, {"status": value})
        jane.detail(id)
    for value in users:
        jane.write("assignee", id, {"user_id": value})
        jane.detail(id)
    for noun in ("status", "assignee"):
        for body in (b"", b"{", b"[]", b"null"):
            jane.write(noun, id, data=body, content_type="application/json")


def of_status(facts: Facts, status: str, *, assigned: bool) -> list[int]:
    return facts.first(lambda t: t["status"] == status and bool(t["assignee"]) == assigned)


SOME = ("open", "closed", "spam")
WRONG_STATUSES = (
    *("Closed", "SPAM", "clos", "closed-by-customer", 1, True, ["closed"], {"value": "closed"}),
    *("", " ", "resolved", "x" * 300, "none", None),
)
WRONG_USERS = (0, -1, 2.5, False, [], {}, "none", "nobody", 999_999, 2**70)


def effects(jane: Caller, facts: Facts) -> None:
    """Change tickets of many kinds, and look at them, their neighbours and their lists."""
    contact = facts.common(lambda t: [t["contact"]["id"]])[1]
    kept = facts.first(lambda t: t["status"] == "open" and t["assignee"] and t["summary"])
    kept += facts.first(lambda t: any(m["attachments"] for m in t["messages"]))
    kept += facts.first(lambda t: t["tags"] and t["activities"] and t["channel"]["id"] != 1)
    kept += facts.first(lambda t: t["contact"]["id"] == contact)
    start = facts.common(lambda t: [t["subject"][:12]])[0]
    kept += facts.first(lambda t: t["subject"].startswith(start))
    user, other = facts.users[:2]
    for id in kept:
        for status in ("spam", "open", "closed", "closed"):
            jane.status(id, status)
            look(jane, id)
        for assignee in (user, other, other, None):
            jane.assignee(id, assignee)
            look(jane, id)
    for method, status in (("PATCH", "spam"), ("POST", "closed")):
        jane.ask("", method, f"{API}/{kept[0]}/status", json={"status": status})
        jane.detail(kept[0])
    for method in ("POST", "PATCH", "DELETE"):
        jane.ask("", method, f"{API}/{kept[0]}")


def look(jane: Caller, id: int) -> None:
    jane.detail(id)
    jane.list(per_page=100)
    for status in ("open", "closed"):
        jane.list(per_page=5, **{STATUS: status})


READING: dict[str, tuple[Probe, ...]] = {
    "combined": (combined,),
    "order": (orders,),
    "searching": (terms,),
    "counts": (counts,),
    "callers": (callers,),
    "bodies": (),
    "answers": (),
    "logs": (),
    "effects": (),
}
"""Which probes show the defects of a family while nothing is changed."""

WRITING: dict[str, tuple[Probe, ...]] = {
    "callers": (caller_writes,),
    "bodies": (bodies,),
    "answers": (effects,),
    "logs": (effects,),
    "effects": (effects,),
}
"""Which probes show those that only changes show."""
