"""Access: who may see and change what."""

import json
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_plus

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import LIST_PATH, TOKEN_PARAMETERS, Exchange
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row, tickets_in

SHORTEST_SUBJECT = 12
"""Letters of a text that no answer contains by chance."""
ONE_WORKSPACE = (
    "--other-token opens the same tickets as --token: it is of the same workspace, or nothing keeps"
    " workspaces apart"
)
_WORDS = {
    "none": "without a token",
    "wrong": "with a token that opens nothing",
    "withdrawn": "with a token that was withdrawn",
    "near": "with the token in other case",
    "cut": "with the token without its last letter",
    "longer": "with the token and one letter more",
    "empty": "with the word Bearer and no token",
    "scheme": "with another scheme than Bearer",
    "bare": "with the token without the word Bearer",
    "basic": "with the token under another scheme than Bearer",
    "basic_user": "with the token as the user of Basic authentication",
    "cookie": "with the cookies of earlier answers, without a token",
}


@law("access.accepted")
def accepted(history: History) -> Iterator[Finding]:
    """The token given is never refused, nor is one that may read when it reads."""
    for exchange in history.exchanges:
        who, method = exchange.request.who, exchange.request.method
        if not exchange.answered or not (who == "main" or (who == "readonly" and method == "GET")):
            continue
        if exchange.status == 401:
            yield violated("access.accepted", "the token given was refused", exchange)
        elif exchange.status == 200:
            yield holds("access.accepted", exchange)


@law("access.required", "access.unauthenticated")
def token_required(history: History) -> Iterator[Finding]:
    """Without a valid token nothing but a refusal comes back, and it is 401.

    A request with the valid token in the wrong place or scheme is no intrusion, but it should
    still be refused.
    """
    private = _Private(history)
    for exchange in history.exchanges:
        who, status = exchange.request.who, exchange.status or 0
        if who not in _WORDS or not 200 <= status < 500 or status == 429:
            continue
        if status < 300:
            requirement = "access.unauthenticated" if _is_own(exchange) else "access.required"
            yield violated(requirement, f"{_outcome(exchange)} {_words(exchange)}", exchange)
            continue
        if _shows_tickets(exchange) or private.shown_in(exchange):
            message = f"the refusal {status} {_words(exchange)} shows data of tickets"
            yield violated("access.required", message, exchange)
        else:
            yield holds("access.required", exchange)
        if status == 401:
            yield holds("access.unauthenticated", exchange)
        elif _is_operation(exchange):
            message = f"answered {status} {_words(exchange)}"
            yield violated("access.unauthenticated", message, exchange)


@law("answer.shared_caches")
def kept_by_nobody_else(history: History) -> Iterator[Finding]:
    """What a token opens is not marked as a copy that caches may give to others for a while."""
    for exchange in history.exchanges:
        request = exchange.request
        if not exchange.answered or request.who != "main" or exchange.status != 200:
            continue
        if request.method == "GET" and _may_be_shared(exchange):
            message = f"Cache-Control of a ticket's answer is {exchange.header('Cache-Control')}"
            yield violated("answer.shared_caches", message, exchange)
        else:
            yield holds("answer.shared_caches", exchange)


def _may_be_shared(exchange: Exchange) -> bool:
    """True where a shared cache may answer a request with a token without asking the deployment.

    It may only if the answer says public or s-maxage.
    """
    parts = (exchange.header("Cache-Control") or "").lower().split(",")
    directives = {
        name.strip(): value.strip(' "') for name, _, value in (p.partition("=") for p in parts)
    }
    if directives.keys() & {"private", "no-store", "no-cache"}:
        return False
    age = directives.get("s-maxage", directives.get("max-age") if "public" in directives else "0")
    return age != "0"


@law("access.workspace", "access.workspace_write")
def workspaces(history: History) -> Iterator[Finding]:
    """Another workspace's token finds none of our tickets, by list, by id and by PUT."""
    if "other" not in history.others:
        for requirement in ("access.workspace", "access.workspace_write"):
            yield not_observed(requirement, why_no_other(history))
        return
    if not any(e.request.who == "other" for e in history.writes):
        yield not_observed("access.workspace_write", _why_not_tried(history, "other"))
    ours, private = _ulids(history.rows()), _Private(history)
    for exchange in history.exchanges:
        if exchange.request.who != "other" or not exchange.answered:
            continue
        wrote = exchange.request.method == "PUT"
        requirement = "access.workspace_write" if wrote else "access.workspace"
        message = _disclosed(exchange, ours, private)
        if message:
            yield violated(requirement, message, exchange)
        elif exchange.status and exchange.status < 500 and exchange.status != 401:
            yield holds(requirement, exchange)


@law("access.workspace")
def separation(history: History) -> Iterator[Finding]:
    """The other token does not open the same tickets as ours; if it does, a person must say why."""
    if history.one_workspace:
        seen = [e for e in history.exchanges if e.request.who == "other" and e.successful]
        yield violated("access.workspace", ONE_WORKSPACE, *seen[:2])


def why_no_other(history: History) -> str:
    """Return why nothing tells of workspaces, where no token of another one was used."""
    if history.one_workspace:
        return ONE_WORKSPACE
    return "no token of another workspace was given (--other-token)"


def _disclosed(exchange: Exchange, ours: set[str], private: "_Private") -> str:
    """Return what another workspace's token saw of our tickets, or did to one; "" if nothing."""
    shared = ours & _ulids(tickets_in(exchange.document))
    if shared:
        return f"{len(shared)} tickets of ours are shown to another workspace"
    if exchange.request.method == "PUT" and exchange.status and exchange.status < 300:
        return "another workspace wrote to our ticket"
    if exchange.status != 200 and private.shown_in(exchange):
        return "the refusal shows data of our tickets to another workspace"
    return ""


@law("access.workspace")
def foreign_tickets(history: History) -> Iterator[Finding]:
    """No answer to our token shows a ticket that another workspace's token has shown."""
    theirs = _ulids(history.foreign_rows())
    for exchange in history.exchanges if theirs else ():
        if exchange.request.who != "main" or exchange.status != 200:
            continue
        shared = theirs & _ulids(tickets_in(exchange.document))
        if shared:
            message = f"{len(shared)} tickets of another workspace are shown to ours"
            yield violated("access.workspace", message, exchange)


@law("access.forbidden")
def read_only_token(history: History) -> Iterator[Finding]:
    if "readonly" not in history.others:
        yield not_observed("access.forbidden", "no read-only token was given (--readonly-token)")
        return
    if not any(e.request.who == "readonly" for e in history.writes):
        yield not_observed("access.forbidden", _why_not_tried(history, "readonly"))
    for exchange in history.writes:
        if exchange.request.who == "readonly" and exchange.handled:
            yield from judge_read_only("access.forbidden", exchange)


def _why_not_tried(history: History, who: str) -> str:
    """Return why no write was sent with a token that was given."""
    if not history.writes:
        return history.why_not_written
    return f"no write was tried with --{who}-token within this budget"


def judge_read_only(requirement: str, exchange: Exchange) -> Iterator[Finding]:
    """Judge the answer to a write with a token that may not write; 5xx is another law's."""
    if exchange.status == 403:
        yield holds(requirement, exchange)
    elif (exchange.status or 0) < 500:
        message = f"a token that may not write was answered {exchange.status}"
        yield violated(requirement, message, exchange)


def _words(exchange: Exchange) -> str:
    in_url = _has_token_in_url(exchange)
    return "with the token in the URL alone" if in_url else _WORDS[exchange.request.who]


def _is_own(exchange: Exchange) -> bool:
    """Return whether a request carries the whole token, though not as documented."""
    who = exchange.request.who
    return who in ("basic", "basic_user", "bare") or _has_token_in_url(exchange)


def _has_token_in_url(exchange: Exchange) -> bool:
    request = exchange.request
    return request.who == "none" and any(name in TOKEN_PARAMETERS for name, _ in request.query)


def _outcome(exchange: Exchange) -> str:
    return "written" if exchange.request.method == "PUT" else "answered like an authorized request"


def _shows_tickets(exchange: Exchange) -> bool:
    """True when a refusal contains a ticket, rows of a list, or how many there are."""
    document = exchange.document
    if not isinstance(document, dict):
        return False
    meta = document.get("meta")
    counted = isinstance(meta, dict) and meta.get("total") is not None
    return bool(counted or document.get("ticket") or document.get("data"))


def _is_operation(exchange: Exchange) -> bool:
    return exchange.request.path.startswith(LIST_PATH)


def _ulids(rows: Iterable[Row]) -> set[str]:
    """Return the ULIDs of tickets, in small letters."""
    return {row["ulid"].lower() for row in rows if isinstance(row.get("ulid"), str)}


class _Private:
    """What only a ticket's own workspace knows: its subject, its ULID, its people's addresses."""

    def __init__(self, history: History) -> None:
        texts = (text for row in history.rows() for text in _texts(row))
        found = {text for text in texts if len(text) >= SHORTEST_SUBJECT}
        self._forms = {
            json.dumps(text, ensure_ascii=escaped)[1:-1].encode("utf-8", "replace"): text
            for text in found
            for escaped in (True, False)
        }

    def shown_in(self, exchange: Exchange) -> bool:
        """Return whether the body of an exchange quotes any of it that the request did not."""
        asked = unquote_plus((exchange.sent or exchange.request).target)
        return any(
            form in exchange.body and text not in asked for form, text in self._forms.items()
        )


def _texts(row: Row) -> Iterator[str]:
    people = (row.get("contact"), row.get("assignee"))
    found = [row.get("subject"), row.get("ulid")]
    found += [person.get("email") for person in people if isinstance(person, dict)]
    return (text for text in found if isinstance(text, str))
