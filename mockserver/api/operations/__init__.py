"""What each operation of the contract does: one module a tag, one function an operationId."""

from mockserver.api.operations import tickets as tickets  # registers its handlers
from mockserver.api.operations.registry import HANDLERS as HANDLERS
from mockserver.api.operations.registry import Handler as Handler
