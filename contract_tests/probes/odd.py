"""Access and robustness: strangers, and values that nobody means."""

from contract_tests.exchange import Exchange, Request, Who, get
from contract_tests.plan import probe
from contract_tests.scout import Scout, spell
from contract_tests.seen import LIST_PATH

_LONG = "x" * 2000
_SEARCHES = ("'\"`;--", "\x00", "🦜🧨", "%\\", _LONG, "{{7*7}}<b>", "true,b", "  ")
_VALUES = {
    "per_page": ("0", "-1", "abc", "", "2.5", "99999999999999999999", "101"),
    "page": ("0", "-1", "", "99999999999999999999", "1.5"),
    "status": ("bogus", "OPEN", "open,bogus", ""),
    "channel_ids": ("abc", "0", "1,,2", "99999999999999999999", "-1"),
    "tag_ids": ("-1", "abc", "0", "1,,2", "99999999999999999999"),
    "unassigned": ("maybe", "2", ""),
    "assigned_to_me": ("", "maybe", "null"),
}
_AT_ONCE = {
    "search": f"'\"%_\\;--🦜{_LONG}",
    "per_page": "-5",
    "page": "-1",
    "status": "bogus",
    "channel_ids": "abc",
    "tag_ids": "99999999999999999999",
}
_ODD = ("robustness", "shape", "page")


@probe(
    "GET /api/tickets without a token",
    "GET /api/tickets/{id} with the token in other case",
    topics=("access", "shape"),
)
def strangers(scout: Scout) -> None:
    scout.list_tickets("without a token", who="none")
    scout.detail(_known(scout), "with a token that only looks like ours", who="near")


@probe("GET /api/tickets with an odd value in every parameter", topics=_ODD)
def odd_at_once(scout: Scout) -> None:
    """The cheapest look at robustness: what is not refused goes on to fail, if it fails."""
    pairs = (*spell(_AT_ONCE).items(), ("page", "0"))
    exchange = scout.ask(Request("GET", LIST_PATH, pairs, purpose="odd values, one of them twice"))
    rest = tuple(pair for pair in pairs if not _names(exchange, pair[0]))
    if exchange.refused and 0 < len(rest) < len(pairs):
        scout.ask(Request("GET", LIST_PATH, rest, purpose="odd values that were not refused"))


@probe("GET /api/tickets?page={one beyond the last}", topics=("page", "membership", "shape"))
def beyond(scout: Scout) -> None:
    total = max((page.total for page in scout.seen.pages), default=0)
    scout.list_tickets(
        "a page beyond the last", sort="created_at", per_page=100, page=total // 100 + 3
    )


@probe("HEAD /api/tickets, HEAD /api/tickets/{id}", since="standard", topics=("robustness",))
def heads(scout: Scout) -> None:
    paths = [LIST_PATH, *(f"{LIST_PATH}/{ticket}" for ticket in list(scout.seen.sightings)[:1])]
    for path in paths:
        scout.ask(Request("HEAD", path, purpose="HEAD of what GET answers"))


@probe(
    "GET /api/tickets/{id}/status, /no-such-part", since="standard", topics=("robustness", "shape")
)
def methods(scout: Scout) -> None:
    """One path takes PUT only, the other is none at all."""
    for name in ("status", "no-such-part"):
        path = f"{LIST_PATH}/{_known(scout)}/{name}"
        scout.ask(get(path, purpose="a method the path does not have"))


@probe(
    "GET /api/tickets and /api/tickets/{id}: no token, a wrong one, another scheme, other tokens",
    since="standard",
    topics=("access", "shape"),
)
def more_strangers(scout: Scout) -> None:
    known = _known(scout)
    details: list[Who] = ["none", "scheme"]
    lists: list[Who] = ["wrong", "basic"]
    if scout.target.tokens.withdrawn:
        lists.append("withdrawn")
    for who in details:
        scout.detail(known, f"who: {who}", who=who)
    for who in lists:
        scout.list_tickets(f"who: {who}", who=who, status="open")


@probe(
    "GET /api/tickets and /api/tickets/{id} with the other workspace's token",
    topics=("access", "shape"),
)
def other_workspace(scout: Scout) -> None:
    if "other" in scout.seen.others:
        scout.detail(_known(scout), "our ticket, their token", who="other")
        scout.list_tickets("their tickets", who="other", per_page=100)


@probe("odd sort keys and filters, one at a time", since="standard", topics=_ODD)
def odd_names(scout: Scout) -> None:
    for value in ("bogus", "created_at,bogus"):
        scout.list_tickets("an unknown sort key", sort=value)
    scout.ask(get(LIST_PATH, {"filter[bogus]": "1"}, "an unknown filter"))
    twice = (("per_page", "5"), ("per_page", "6"))
    scout.ask(Request("GET", LIST_PATH, twice, purpose="a parameter twice"))
    scout.list_tickets("two sort keys", sort="created_at,-updated_at", per_page=50)


@probe("odd values in every parameter, several at once", since="standard", topics=_ODD)
def odd_values(scout: Scout) -> None:
    """One request carries many odd values; only a refusal or a failure takes them apart."""
    for number, term in enumerate(_SEARCHES):
        values = {name: odd[number % len(odd)] for name, odd in _VALUES.items()}
        _ask_together(scout, spell({"search": term, **values}))


def _ask_together(scout: Scout, query: dict[str, str]) -> None:
    while query:
        exchange = scout.ask(get(LIST_PATH, query, "odd values"))
        if exchange.status == 200:
            return
        refused = [name for name in query if _names(exchange, name)]
        if not refused:
            break
        query = {name: value for name, value in query.items() if name not in refused}
    for name, value in query.items() if len(query) > 1 else ():
        scout.ask(get(LIST_PATH, {name: value}, "an odd value"))


def _names(exchange: Exchange, name: str) -> bool:
    """True when a validation error names a parameter, as filter[status] or filter.status."""
    document = exchange.document
    errors = document.get("errors") if isinstance(document, dict) else None
    dotted = name.replace("[", ".").rstrip("]")
    return isinstance(errors, dict) and any(str(key).startswith((name, dotted)) for key in errors)


def _known(scout: Scout) -> int:
    return next(iter(scout.seen.sightings), 42)
