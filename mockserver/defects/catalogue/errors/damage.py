"""Defects of a server that now and then loses its way, and of the bytes it sends."""

from collections.abc import Callable

import orjson

from mockserver.defects.changes.error_pages import (
    WARNING,
    bad_gateway,
    server_error,
    stack_trace,
    unavailable,
)
from mockserver.defects.changes.exchange import (
    DETAILED,
    LISTED,
    READS,
    Exchange,
    Reply,
)
from mockserver.defects.changes.frequency import (
    EVERY_7TH,
    EVERY_20TH,
    EVERY_50TH,
    LARGE_REPLIES,
    PAGE_2_ON,
)
from mockserver.defects.defect import Behavior, Family

damage = Family("damage", on=READS)

Answer = Callable[[Reply], Reply]


def damaged(spoil: Callable[[bytes], bytes]) -> Behavior:
    """Damage the bytes of a success."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return reply.with_body(spoil(reply.body)) if reply.good else reply

    return behavior


def typed(content_type: str) -> Behavior:
    return lambda exchange: exchange.send().with_header("Content-Type", content_type)


def struck(answer: Answer) -> Behavior:
    return lambda exchange: answer(exchange.send())


def _latin_1(body: bytes) -> bytes:
    return body.decode().encode("latin-1", "replace")


def _large_cut(body: bytes) -> bytes:
    return body[:16_384]


def _too_many(reply: Reply) -> Reply:
    return reply.with_status(429).with_json({"message": "Too Many Attempts."})


DEFECTS = (
    damage("json-with-warning", "answer.json", damaged(lambda body: WARNING + body), EVERY_20TH),
    damage("json-cut-when-large", "answer.json", damaged(_large_cut), LARGE_REPLIES),
    damage(
        "json-cut-every-50th",
        "answer.json",
        damaged(lambda body: body[: len(body) // 2]),
        EVERY_50TH,
    ),
    damage("json-cut-later", "answer.json", damaged(lambda body: body[:-1]), PAGE_2_ON, on=LISTED),
    damage(
        "json-with-byte-order-mark",
        "answer.json",
        damaged(lambda body: b"\xef\xbb\xbf" + body),
        on=DETAILED,
    ),
    damage("json-in-a-string", "answer.json", damaged(lambda body: orjson.dumps(body.decode()))),
    damage("json-in-latin-1", "answer.json", damaged(_latin_1)),
    damage(
        "json-not-a-number",
        "answer.json",
        damaged(lambda body: body.replace(b'"summary":null', b'"summary":NaN')),
    ),
    damage("reply-empty-every-50th", "answer.json", damaged(lambda _: b""), EVERY_50TH),
    damage("content-type-html", "answer.json", typed("text/html; charset=UTF-8")),
    damage("server-error-every-20th", "answer.no_server_error", struck(server_error), EVERY_20TH),
    damage("stack-trace-every-50th", "answer.no_internals", struck(stack_trace), EVERY_50TH),
    damage("bad-gateway-every-7th", "answer.available", struck(bad_gateway), EVERY_7TH),
    damage(
        "unavailable-later", "answer.no_server_error", struck(unavailable), PAGE_2_ON, on=LISTED
    ),
    damage("too-many-without-retry-after", "answer.throttled", struck(_too_many), EVERY_20TH),
)
