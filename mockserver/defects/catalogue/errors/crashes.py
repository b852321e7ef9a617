"""Defects on odd input: a server error where a refusal would have been right."""

import re
from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.error_pages import (
    bad_gateway,
    error_page,
    server_error,
    stack_trace,
)
from mockserver.defects.changes.exchange import (
    DETAILED,
    LISTED,
    STATUS,
    WRITES,
    ClientRequest,
    Exchange,
    Reply,
)
from mockserver.defects.changes.frequency import Rarity
from mockserver.defects.changes.requests import FILTERS, filter_parameter
from mockserver.defects.defect import Behavior, Family

robustness = Family("robustness", on=LISTED, rarity=Rarity("odd-input"))

_STATUS = frozenset({STATUS})
_MISSING = object()
_FILTERS = {filter_parameter(name) for name in FILTERS}

Answer = Callable[[Reply], Reply]


def crash(odd: Callable[[ClientRequest], bool], answer: Answer = server_error) -> Behavior:
    """Fail on input that is odd; refusing it would have been right, or even serving it."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        known = reply.status not in (401, 429)
        return answer(reply) if known and odd(exchange.request) else reply

    return behavior


def given(name: str, odd: Callable[[str], Any]) -> Callable[[ClientRequest], bool]:
    return lambda request: bool(request.param(name) is not None and odd(request.param(name) or ""))


def sent(name: str, odd: Callable[[Any], Any]) -> Callable[[ClientRequest], bool]:
    def is_odd(request: ClientRequest) -> bool:
        body = request.json
        return isinstance(body, dict) and bool(odd(body.get(name, _MISSING)))

    return is_odd


def _whole(text: str) -> bool:
    return re.fullmatch(r"-?\d+", text) is not None


def _beyond_end(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if not reply.good:
        return reply
    meta = reply.json["meta"]
    return server_error(reply) if meta["current_page"] > meta["last_page"] else reply


def _no_object(request: ClientRequest) -> bool:
    return request.json is not None and not isinstance(request.json, dict)


def _repeated(request: ClientRequest) -> bool:
    names = [name for name, _ in request.query]
    return len(names) > len(set(names))


DEFECTS = (
    robustness(
        "crash-per-page-zero",
        "list.per_page.odd",
        crash(given("per_page", lambda text: text == "0")),
    ),
    robustness(
        "crash-per-page-negative",
        "list.per_page.odd",
        crash(given("per_page", lambda text: text.startswith("-")), stack_trace),
    ),
    robustness(
        "crash-per-page-word",
        "list.per_page.odd",
        crash(given("per_page", lambda text: not _whole(text)), error_page),
    ),
    robustness(
        "crash-per-page-above-100",
        "answer.no_server_error",
        crash(given("per_page", lambda text: _whole(text) and int(text) > 100)),
    ),
    robustness("crash-page-zero", "list.page.odd", crash(given("page", lambda text: text == "0"))),
    robustness(
        "crash-page-negative",
        "list.page.odd",
        crash(given("page", lambda text: text.startswith("-")), stack_trace),
    ),
    robustness(
        "crash-page-huge",
        "list.page.beyond",
        crash(given("page", lambda text: len(text) > 9), stack_trace),
    ),
    robustness("crash-page-beyond-end", "list.page.beyond", _beyond_end),
    robustness(
        "crash-sort-unknown",
        "list.sort.unknown",
        crash(
            given("sort", lambda text: not text.strip("-").endswith("_at") and text), stack_trace
        ),
    ),
    robustness(
        "crash-filter-unknown",
        "list.filter.unknown",
        crash(
            lambda request: any(
                name.startswith("filter[") and name not in _FILTERS for name, _ in request.query
            )
        ),
    ),
    robustness(
        "crash-filter-status-unknown",
        "list.filter.status.unknown",
        crash(
            given(
                "filter[status]",
                lambda text: text not in ("", "open", "closed", "spam") and "," not in text,
            ),
            stack_trace,
        ),
    ),
    robustness(
        "crash-filter-status-empty",
        "answer.no_server_error",
        crash(given("filter[status]", lambda text: not text)),
    ),
    robustness(
        "crash-filter-channel-word",
        "answer.no_server_error",
        crash(given("filter[channel_ids]", lambda text: re.search(r"[^\d,]", text)), stack_trace),
    ),
    robustness(
        "crash-filter-tag-huge",
        "answer.no_server_error",
        crash(given("filter[tag_ids]", lambda text: re.search(r"\d{10}", text)), error_page),
    ),
    robustness(
        "crash-search-quote",
        "answer.no_server_error",
        crash(given("filter[search]", lambda text: "'" in text), stack_trace),
    ),
    robustness(
        "crash-search-four-byte-character",
        "answer.no_server_error",
        crash(
            given("filter[search]", lambda text: any(ord(letter) > 0xFFFF for letter in text)),
            stack_trace,
        ),
    ),
    robustness(
        "crash-search-long",
        "answer.no_server_error",
        crash(given("filter[search]", lambda text: len(text) > 255), error_page),
    ),
    robustness("crash-parameter-twice", "answer.no_server_error", crash(_repeated)),
    robustness(
        "crash-query-of-2000-characters",
        "answer.no_server_error",
        crash(lambda request: len(request.environ.get("QUERY_STRING", "")) > 2000, bad_gateway),
    ),
    robustness(
        "crash-ticket-id-word",
        "answer.no_server_error",
        crash(lambda request: not _whole(request.ticket), stack_trace),
        on=DETAILED,
    ),
    robustness(
        "crash-ticket-id-huge",
        "answer.no_server_error",
        crash(lambda request: len(request.ticket) > 10),
        on=DETAILED,
    ),
    robustness(
        "crash-ticket-id-zero",
        "answer.no_server_error",
        crash(lambda request: request.ticket == "0"),
        on=DETAILED,
    ),
    robustness(
        "crash-body-malformed",
        "update.malformed",
        crash(lambda request: bool(request.body) and request.json is None, error_page),
        on=WRITES,
        visible="writing",
    ),
    robustness(
        "crash-body-empty",
        "update.malformed",
        crash(lambda request: not request.body),
        on=WRITES,
        visible="writing",
    ),
    robustness(
        "crash-body-no-object",
        "update.malformed",
        crash(_no_object, stack_trace),
        on=WRITES,
        visible="writing",
    ),
    robustness(
        "crash-status-unknown",
        "status.refused",
        crash(
            sent(
                "status",
                lambda value: isinstance(value, str) and value not in ("open", "closed", "spam"),
            ),
            stack_trace,
        ),
        on=_STATUS,
        visible="writing",
    ),
    robustness(
        "crash-status-no-text",
        "status.refused",
        crash(sent("status", lambda value: isinstance(value, int | list | dict))),
        on=_STATUS,
        visible="writing",
    ),
    robustness(
        "crash-user-id-word",
        "assignee.refused",
        crash(
            sent("user_id", lambda value: isinstance(value, str) and not _whole(value)), stack_trace
        ),
        on=WRITES - _STATUS,
        visible="writing",
    ),
    robustness(
        "crash-user-id-unknown",
        "assignee.refused",
        crash(sent("user_id", lambda value: isinstance(value, int) and value > 99_999)),
        on=WRITES - _STATUS,
        visible="writing",
    ),
)
