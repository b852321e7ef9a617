"""Exchanges as people read them, with the verdict, and with nothing secret."""

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from mockserver.journal.counts import Tally
from mockserver.journal.exchange import LARGEST_BODY, Exchange
from mockserver.journal.masking import mask_text
from mockserver.journal.validation import Judge


def summary(exchange: Exchange, judge: Judge) -> dict[str, Any]:
    """Return one line of the journal."""
    judgement = judge.judge(exchange.request)
    return {
        "number": exchange.number,
        "at": moment(exchange),
        "world": exchange.world,
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        "operation": judgement.operation,
        "status": exchange.status,
        "milliseconds": round(exchange.seconds * 1000, 3),
        "size": exchange.reply_size,
        "faults": exchange.faults,
        "forced": exchange.forced,
        "findings": [asdict(finding) for finding in judgement.findings],
    }


def whole(exchange: Exchange, judge: Judge) -> dict[str, Any]:
    """Return everything kept of an exchange."""
    return summary(exchange, judge) | {
        "request": {"headers": request_headers(exchange), "body": exchange.body},
        "reply": {
            "headers": dict(exchange.reply_headers),
            "body": reply_text(exchange),
            "cut": exchange.reply_size > LARGEST_BODY,
        },
    }


def verdict(tally: Tally, allow: Collection[str] = ()) -> dict[str, Any]:
    """Return what was amiss in all that was asked."""
    found = [each for each in tally.findings() if each.kind not in allow]
    return {
        "clean": not found,
        "requests": tally.requests,
        "untold": tally.untold,
        "findings": [
            {
                "kind": each.kind,
                "request": each.request,
                "world": each.world,
                "times": each.count,
                "first": each.first,
                "last": each.last,
                "text": str(each),
                "nearest": each.finding.nearest,
            }
            for each in found
        ],
    }


def chosen(judge: Judge, asked: dict[str, Any]) -> Callable[[Exchange], bool]:
    """Return whether an exchange passes the query of the journal."""
    since, until = (_seconds(asked.get(name)) for name in ("since", "until"))

    def passes(exchange: Exchange) -> bool:
        if not asked.get("after", 0) < exchange.number <= asked.get("last", exchange.number):
            return False
        if not (since or 0) <= exchange.at < (until or float("inf")):
            return False
        if exchange.status != asked.get("status", exchange.status):
            return False
        if exchange.method != asked.get("method", exchange.method):
            return False
        judgement = judge.judge(exchange.request)
        if "amiss" in asked and bool(judgement.findings) is not asked["amiss"]:
            return False
        return asked.get("operation", judgement.operation) == judgement.operation

    return passes


def request_headers(exchange: Exchange) -> dict[str, str]:
    authorization = {"Authorization": exchange.authorization} if exchange.authorization else {}
    return {**exchange.headers, **authorization}


def reply_text(exchange: Exchange) -> str:
    return mask_text(exchange.reply.decode("utf-8", "replace"))


def moment(exchange: Exchange) -> str:
    return datetime.fromtimestamp(exchange.at, UTC).isoformat(timespec="milliseconds")


def _seconds(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None
