"""The operations of the contract: one module for each tag, one function for each operationId."""

from mockserver.api.operations import labels as labels  # registers its handlers
from mockserver.api.operations import messages as messages
from mockserver.api.operations import people as people
from mockserver.api.operations import tickets as tickets
from mockserver.api.operations.registry import HANDLERS as HANDLERS
from mockserver.api.operations.registry import Handler as Handler
