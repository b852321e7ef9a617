"""Invalid values, names, ids and methods."""

from collections.abc import Sequence
from typing import Any

from contract_tests.observations.exchange import LIST_PATH, Exchange, Request, get
from contract_tests.observations.filter_semantics import spell
from contract_tests.probes.details import MISSING
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.unusual_terms import NOWHERE

ABSENT = 2_000_000_011
"""An id that no ticket has."""
HEAD = "HEAD of what GET answers"
_LONG = "x" * 2000
_SIGNS = "'\"%_;--([{*+?$~^:&<\\"
"""What SQL, LIKE, regular expressions, query languages, JSON and HTML have a meaning for."""
_SEARCHES = ("'\"`;--", "\x00", "🦜🧨", "%\\", _LONG, "{{7*7}}<b>", "a'b\"c", "  ")
_BEYOND_32, _BEYOND_64, _HUGE = "2147483648", "9223372036854775808", "1" + "0" * 30
_ABSENT_ULID = "01J00000000000000000000000"
_VALUES = {
    "per_page": ("0", "-1", "abc", "", "2.5", _BEYOND_32, "101", _HUGE),
    "page": ("-1", "0", "", "1.5", _HUGE, "abc", _BEYOND_64, _BEYOND_32),
    "status": ("bogus", "OPEN", "open,bogus", "", "open, closed", "open,,closed", "pending"),
    "channel_ids": ("abc", "0", "1,,2", _HUGE, "-1", "1, 2", "1,abc", _BEYOND_32),
    "tag_ids": ("-1", "abc", "0", "1,,2", _BEYOND_32, " 3", "1.5", _HUGE),
    "unassigned": ("maybe", "2", "", "1", "0", "TRUE", "yes"),
    "assigned_to_me": ("", "maybe", "null", "0", "1", "False", "no"),
}
_BIG = spell(dict.fromkeys(("channel_ids", "tag_ids", "page", "per_page"), _BEYOND_64))
_TOLERATED = (
    ("filter[search]", f"{_SIGNS}🦜\x00"),
    ("filter[channel_ids]", "abc"),
    *(("page", "-1"), ("per_page", "10"), ("per_page", "10")),
)
_AT_ONCE = {
    "search": f"{_SIGNS}🦜{_LONG}",
    "per_page": "-5",
    "page": "-3",
    "status": "bogus",
    "channel_ids": "abc",
    "tag_ids": "99999999999999999999",
}
_ODD = ("robustness", "responses", "pagination")


@probe("GET /api/tickets with an odd value in every parameter", topics=_ODD)
def odd_at_once(explorer: Explorer) -> None:
    """The cheapest look at robustness: what is not refused goes on to fail, if it fails."""
    pairs = (*spell(_AT_ONCE).items(), ("page", "0"))
    exchange = explorer.ask(
        Request("GET", LIST_PATH, pairs, purpose="odd values, one of them twice")
    )
    rest = tuple(pair for pair in pairs if not _names(exchange, pair[0]))
    if exchange.refused and 0 < len(rest) < len(pairs):
        explorer.ask(Request("GET", LIST_PATH, rest, purpose="odd values that were not refused"))
    if explorer.profile != "quick":
        explorer.ask(get(LIST_PATH, _BIG, "numbers beyond 64 bits"))


@probe("GET /api/tickets with an odd search, a channel abc, page -1 and a size given twice, if a"
       " request is left",
       phase="written", until="quick", topics=_ODD)  # fmt: skip
def odd_at_last(explorer: Explorer) -> None:
    """The request that is left where no ticket changed beside those that were written.

    Few deployments refuse these values, so that each goes as far as it leads.
    """
    if explorer.target.budget.allows():
        purpose = "odd values that are seldom refused"
        explorer.ask(Request("GET", LIST_PATH, _TOLERATED, purpose=purpose))


@probe("GET /api/tickets/{a number beyond 64 bits, and other ids that no ticket has}",
       topics=("detail", "robustness", "responses"))  # fmt: skip
def odd_ids(explorer: Explorer) -> None:
    known = known_ticket(explorer)
    names = [str(2**64 + known), f"{known}abc"]  # which a cast to a number makes the known one
    if explorer.profile != "quick":
        names += [
            "0",
            "abc",
            str(2**32 + known),
            _ABSENT_ULID,
            f"-{known}",
            "%F0%9F%8E%AB",
        ]
    for name in names:
        explorer.ask(get(f"{LIST_PATH}/{name}", purpose=MISSING))


@probe("GET /api/tickets?filter[search]={a term that stands nowhere}&filter[status]=open",
       topics=("filters", "pagination", "responses", "search"))  # fmt: skip
def nothing_found(explorer: Explorer) -> None:
    explorer.list_tickets("a term that stands nowhere", search=NOWHERE, status="open")


@probe(
    "GET /api/tickets?filter[status]=open&page={one beyond the last}",
    topics=("pagination", "filters", "responses"),
)
def beyond(explorer: Explorer) -> None:
    total = max((page.total for page in explorer.history.pages), default=0)
    # The total of a status that was counted before writes is counted anew.
    query: dict[str, Any] = {"status": "open", "sort": "created_at", "per_page": 100}
    explorer.list_tickets("a page beyond the last", **query, page=total // 100 + 3)


@probe("HEAD /api/tickets, and of a ticket without a token", topics=("robustness", "access"))
def heads(explorer: Explorer) -> None:
    explorer.ask(Request("HEAD", LIST_PATH, purpose=HEAD))
    if explorer.profile == "quick":
        return
    for ticket in explorer.tickets_in_scope()[:1]:
        path = f"{LIST_PATH}/{ticket}"
        explorer.ask(Request("HEAD", path, who="none", purpose="HEAD without a token"))


@probe(
    "GET /api/tickets/{id}/status, /no-such-part",
    since="standard",
    topics=("robustness", "responses"),
)
def methods(explorer: Explorer) -> None:
    """One path takes PUT only, the other is none at all."""
    for name in ("status", "no-such-part"):
        path = f"{LIST_PATH}/{known_ticket(explorer)}/{name}"
        explorer.ask(get(path, purpose="a method the path does not have"))


@probe("odd sort keys and filters, one at a time", since="standard", topics=_ODD)
def odd_names(explorer: Explorer) -> None:
    beside = {"sort": "", "filter[bogus]": "1", "filter[status]": "closed"}
    explorer.ask(get(LIST_PATH, beside, "an unknown filter beside a known one"))
    explorer.list_tickets("two sort keys", sort="created_at,-updated_at", status="open,closed")
    for value in ("bogus", "created_at,bogus", "--created_at"):
        explorer.list_tickets("an unknown sort key", sort=value, status="closed")
    explorer.ask(get(LIST_PATH, {"filter[status][]": "open"}, "a filter in another spelling"))
    twice = (("per_page", "5"), ("per_page", "6"))
    explorer.ask(Request("GET", LIST_PATH, twice, purpose="a parameter twice"))


@probe("odd values in every parameter, several at once", since="standard", topics=_ODD)
def odd_values(explorer: Explorer) -> None:
    """One request carries many odd values; only a refusal or a failure takes them apart."""
    odd = {
        name: _unsent(explorer, next(iter(spell({name: ""}))), known)
        for name, known in _VALUES.items()
    }
    for number, term in enumerate(_SEARCHES):
        values = {name: left[number] for name, left in odd.items() if number < len(left)}
        _ask_together(explorer, spell({"search": term, **values}))


def _unsent(explorer: Explorer, name: str, values: Sequence[str]) -> list[str]:
    """Return the values of a parameter that no request of the run has carried yet."""
    queries = (exchange.request.query for exchange in explorer.history.exchanges)
    sent = {value for query in queries for sent_name, value in query if sent_name == name}
    return [value for value in values if value not in sent]


def _ask_together(explorer: Explorer, query: dict[str, str]) -> None:
    while query:
        exchange = explorer.ask(get(LIST_PATH, query, "odd values"))
        if exchange.status == 200:
            return
        refused = [name for name in query if _names(exchange, name)]
        if not refused:
            break
        query = {name: value for name, value in query.items() if name not in refused}
    alone = len(query) > 1 and explorer.profile != "quick"
    for name, value in query.items() if alone else ():
        explorer.ask(get(LIST_PATH, {name: value}, "an odd value"))


def _names(exchange: Exchange, name: str) -> bool:
    """True when a validation error names a parameter, as filter[status] or filter.status."""
    document = exchange.document
    errors = document.get("errors") if isinstance(document, dict) else None
    dotted = name.replace("[", ".").rstrip("]")
    return isinstance(errors, dict) and any(str(key).startswith((name, dotted)) for key in errors)


def known_ticket(explorer: Explorer) -> int:
    """Return the id of a ticket that may be read alone; ABSENT if none may."""
    return next(iter(explorer.tickets_in_scope()), ABSENT)
