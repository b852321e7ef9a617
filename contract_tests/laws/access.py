"""Access: who may see and change what."""

from collections.abc import Iterator
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.history import History

_WORDS = {
    "none": "without a token",
    "wrong": "with a token that opens nothing",
    "withdrawn": "with a token that was withdrawn",
    "near": "with the token in other case",
    "cut": "with the token without its last letter",
    "empty": "with the word Bearer and no token",
    "scheme": "with another scheme than Bearer",
    "basic": "with the token under another scheme than Bearer",
    "basic_user": "with the token as the user of Basic authentication",
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

    The token itself under another scheme is no stranger's; only its answer should be another.
    """
    for exchange in history.exchanges:
        who, status = exchange.request.who, exchange.status or 0
        if who not in _WORDS or not 200 <= status < 500:
            continue
        if status < 300:
            own = who in ("basic", "basic_user")
            requirement = "access.unauthenticated" if own else "access.required"
            yield violated(requirement, f"{_outcome(exchange)} {_WORDS[who]}", exchange)
            continue
        if _shows_tickets(exchange):
            message = f"the refusal {status} {_WORDS[who]} shows data of tickets"
            yield violated("access.required", message, exchange)
        else:
            yield holds("access.required", exchange)
        if status == 401:
            yield holds("access.unauthenticated", exchange)
        elif _is_operation(exchange):
            message = f"answered {status} {_WORDS[who]}"
            yield violated("access.unauthenticated", message, exchange)


@law("access.workspace", "access.workspace_write")
def workspaces(history: History) -> Iterator[Finding]:
    """Another workspace's token finds none of our tickets, by list, by id and by PUT."""
    if "other" not in history.others:
        for requirement in ("access.workspace", "access.workspace_write"):
            yield not_observed(
                requirement, "no token of another workspace was given (--other-token)"
            )
        return
    ours = {str(row.get("ulid")).lower() for row in history.rows()} - {"none"}
    for exchange in history.exchanges:
        if exchange.request.who != "other" or not exchange.answered:
            continue
        wrote = exchange.request.method == "PUT"
        requirement = "access.workspace_write" if wrote else "access.workspace"
        shared = ours & {ulid.lower() for ulid in _ulids(exchange.document)}
        if shared:
            message = f"{len(shared)} tickets of ours are shown to another workspace"
            yield violated(requirement, message, exchange)
        elif wrote and exchange.status and exchange.status < 300:
            yield violated(requirement, "another workspace wrote to our ticket", exchange)
        elif exchange.status and exchange.status < 500:
            yield holds(requirement, exchange)


@law("access.forbidden")
def read_only_token(history: History) -> Iterator[Finding]:
    if "readonly" not in history.others:
        yield not_observed("access.forbidden", "no read-only token was given (--readonly-token)")
        return
    for exchange in history.writes:
        if exchange.request.who == "readonly" and exchange.answered:
            yield from judge_read_only("access.forbidden", exchange)


def judge_read_only(requirement: str, exchange: Exchange) -> Iterator[Finding]:
    """Judge the answer to a write with a token that may not write; 5xx is another law's."""
    if exchange.status == 403:
        yield holds(requirement, exchange)
    elif (exchange.status or 0) < 500:
        message = f"a token that may not write was answered {exchange.status}"
        yield violated(requirement, message, exchange)


def _outcome(exchange: Exchange) -> str:
    return "written" if exchange.request.method == "PUT" else "answered as to a friend"


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


def _ulids(document: Any) -> set[str]:
    """Return the ULIDs of the tickets in a list or detail answer."""
    if not isinstance(document, dict):
        return set()
    data = document.get("data")
    tickets = data if isinstance(data, list) else [document.get("ticket")]
    return {t["ulid"] for t in tickets if isinstance(t, dict) and isinstance(t.get("ulid"), str)}
