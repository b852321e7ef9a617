"""What makes one mock of several processes: all that they agree on beyond the worlds."""

from time import time

from mockserver.store import sharedtables
from mockserver.store.database import Database
from mockserver.store.faultrows import FaultRows
from mockserver.store.peers import Peers
from mockserver.store.shifts import Shifts
from mockserver.store.windows import Windows


class Sharing:
    """Made anew when no other process is there: nothing in it outlives them."""

    def __init__(self, database: Database) -> None:
        with database.founding():
            sharedtables.metadata.create_all(database.engine)
            self.peers = Peers(database)
            if not self.peers.alive():
                with database.building() as connection:  # another may be about to join
                    sharedtables.metadata.drop_all(connection)
                    sharedtables.metadata.create_all(connection)
        self.windows = Windows(database)
        self.faults = FaultRows(database)
        self.shifts = Shifts(database)
        self.peers.regularly(self._tidy)
        self._tidied = time()

    def _tidy(self) -> None:
        if time() < self._tidied + 60:
            return
        self._tidied = time()
        self.windows.tidy(time())
        self.faults.tidy()
