"""The mock in Python tests: MockServer and the pytest plugin."""

from mockserver.testing.server import AdminApiError as AdminApiError
from mockserver.testing.server import MockServer as MockServer
from mockserver.testing.server import TicketWorld as TicketWorld
