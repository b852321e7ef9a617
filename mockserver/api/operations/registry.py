"""Which function carries out which operation of the contract."""

from collections.abc import Callable

from mockserver.api.request import OperationRequest
from mockserver.store import Page

Handler = Callable[[OperationRequest], Page | bytes]

HANDLERS: dict[str, Handler] = {}


def operation(operation_id: str) -> Callable[[Handler], Handler]:
    """Register a function under an operationId."""

    def register(handler: Handler) -> Handler:
        HANDLERS[operation_id] = handler
        return handler

    return register
