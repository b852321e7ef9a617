"""Exchanges and the verdict as JSON for the admin API."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from mockserver.contract.request_check import RequestValidator
from mockserver.journal.counts import Counts
from mockserver.journal.exchange import MAX_BODY, Exchange
from mockserver.journal.masking import mask_text


def summary(exchange: Exchange, validator: RequestValidator) -> dict[str, Any]:
    """Return an exchange without headers and bodies."""
    result = validator.validate(exchange.request)
    return {
        "number": exchange.number,
        "at": moment(exchange),
        "world": exchange.world,
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        "operation": result.operation,
        "status": exchange.status,
        "milliseconds": round(exchange.seconds * 1000, 3),
        "size": exchange.response_size,
        "faults": exchange.faults,
        "forced": exchange.forced,
        "source": exchange.source,
        "hints": list(exchange.hints),
        "findings": [asdict(finding) for finding in result.findings],
    }


def full(exchange: Exchange, validator: RequestValidator) -> dict[str, Any]:
    """Return an exchange with headers and bodies."""
    return summary(exchange, validator) | {
        "request": {
            "headers": request_headers(exchange),
            "body": exchange.body_text,
            "base64": base64_of(exchange),
        },
        "response": {
            "headers": dict(exchange.response_headers),
            "body": response_text(exchange),
            "truncated": exchange.response_size > MAX_BODY,
        },
    }


def verdict(counts: Counts) -> dict[str, Any]:
    """Return the findings of all requests."""
    found = counts.findings()
    return {
        "clean": not found,
        "requests": counts.requests,
        "omitted": counts.omitted,
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


def matcher(validator: RequestValidator, asked: dict[str, Any]) -> Callable[[Exchange], bool]:
    """Return a predicate for exchanges that match a query of the admin API."""
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
        result = validator.validate(exchange.request)
        if bool(result.findings) is not asked.get("has_findings", bool(result.findings)):
            return False
        return asked.get("operation", result.operation) == result.operation

    return passes


def request_headers(exchange: Exchange) -> dict[str, str]:
    authorization = {"Authorization": exchange.authorization} if exchange.authorization else {}
    return {**exchange.headers, **authorization}


def base64_of(exchange: Exchange) -> str | None:
    """Return the bytes of a body that its text does not show; None if it does."""
    same = exchange.body_text == exchange.body
    return None if same else b64encode(exchange.body_bytes).decode()


def response_text(exchange: Exchange) -> str:
    return mask_text(exchange.response.decode("utf-8", "replace"))


def moment(exchange: Exchange) -> str:
    return datetime.fromtimestamp(exchange.at, UTC).isoformat(timespec="milliseconds")


def _seconds(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None
