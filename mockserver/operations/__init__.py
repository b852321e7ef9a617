"""What each operation of the contract does: one module a tag, one function an operationId."""

from mockserver.operations import tickets as tickets  # registers its handlers
from mockserver.operations.registry import HANDLERS as HANDLERS
from mockserver.operations.registry import Handler as Handler
