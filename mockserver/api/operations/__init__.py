"""The operations of the contract: one module for each tag, one function for each operationId."""

from mockserver.api.operations import tickets as tickets  # registers its handlers
from mockserver.api.operations.registry import HANDLERS as HANDLERS
from mockserver.api.operations.registry import Handler as Handler
