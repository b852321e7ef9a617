"""Which function carries out which operation of the contract."""

from collections.abc import Callable
from typing import Any

from mockserver.api.request import OperationRequest

Result = Any
"""A page, the JSON of the object in the envelope, or the records of a whole body (None: none)."""
Handler = Callable[[OperationRequest], Result]

HANDLERS: dict[str, Handler] = {}


def operation(operation_id: str) -> Callable[[Handler], Handler]:
    """Register a function under an operationId."""

    def register(handler: Handler) -> Handler:
        HANDLERS[operation_id] = handler
        return handler

    return register
