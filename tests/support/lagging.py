"""A fake deployment that remembers its earlier tickets, for reads that lag behind writes."""

import pickle
import time

from tests.support.fake_deployment import FakeDeployment


class PastTickets(FakeDeployment):
    """`past_tickets` are the tickets as they were `lag` seconds ago."""

    lag = 0.5

    def __post_init__(self):
        super().__post_init__()
        self.images = [(float("-inf"), self._image())]

    def store(self, ticket, what, value, user=0):
        super().store(ticket, what, value, user)
        self.images.append((time.monotonic(), self._image()))

    def _image(self):
        return pickle.loads(pickle.dumps(self.tickets))  # some ten times as fast as deepcopy

    def past_tickets(self):
        horizon = time.monotonic() - self.lag
        return next(image for when, image in reversed(self.images) if when <= horizon)
