"""A fake deployment that remembers its earlier tickets, for reads that lag behind writes."""

import copy
import time

from tests.support.fake_deployment import FakeDeployment


class PastTickets(FakeDeployment):
    """`past_tickets` are the tickets as they were `lag` seconds ago."""

    lag = 0.5

    def __post_init__(self):
        super().__post_init__()
        self.images = [(float("-inf"), copy.deepcopy(self.tickets))]

    def store(self, ticket, what, value, user=0):
        super().store(ticket, what, value, user)
        self.images.append((time.monotonic(), copy.deepcopy(self.tickets)))

    def past_tickets(self):
        horizon = time.monotonic() - self.lag
        return next(image for when, image in reversed(self.images) if when <= horizon)
