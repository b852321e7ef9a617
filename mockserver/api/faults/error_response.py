"""Error responses of any status, requested by `Prefer` or by a fault."""

from http import HTTPStatus

from mockserver.contract.errors import (
    ApiError,
    BadQuery,
    Forbidden,
    Invalid,
    NotFound,
    TooManyRequests,
    Unauthenticated,
)
from mockserver.contract.operation import Operation

_WAIT = 60
"""Default Retry-After of a 429, in seconds."""


def make_error(
    status: int, operation: Operation, missing: str, now: int, wait: int | None = None
) -> ApiError:
    """Return an error of `operation`; `missing` is the text of its 404.

    `now` is the time of the world, `wait` the seconds after which to try again.
    """
    error = _refusal(status, operation, missing)
    if wait is None and status == 429:
        wait = _WAIT
    if wait is not None:
        error.headers["Retry-After"] = str(wait)
    if status == 429 and wait is not None:
        error.headers |= _exhausted(now + wait)
    return error


def _refusal(status: int, operation: Operation, missing: str) -> ApiError:
    if status in (401, 403):
        return Unauthenticated() if status == 401 else Forbidden()
    if status == 404:
        return NotFound(missing)
    if status == 422:
        field = _field(operation)
        return Invalid({field: [f"The selected {field.replace('_', ' ')} is invalid."]})
    if status == 429:
        return TooManyRequests({})
    if status == 400:
        return BadQuery("Requested filter(s) `forced` are not allowed.")
    return ApiError(_message(status), status=status)


def _field(operation: Operation) -> str:
    """Return the field a 422 blames: the body's first, or else the query's."""
    fields = [field.name for field in operation.body] or list(operation.query) or ["id"]
    return fields[0]


def _exhausted(reset: int) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": "60",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(reset),
    }


def _message(status: int) -> str:
    if status == 500:
        return "Server Error"  # what the framework says instead of the reason
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
