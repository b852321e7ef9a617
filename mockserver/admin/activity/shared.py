"""Colleagues of several processes: one at a time works in a busy world, another after it."""

from threading import Lock
from typing import Any

from mockserver.admin.activity.scheduler import Colleagues
from mockserver.store import Sharing, Store


class SharedColleagues(Colleagues):
    """Work in a world by the process that its row names; twice a second each looks at the rows."""

    def __init__(self, store: Store, sharing: Sharing) -> None:
        super().__init__(store)
        self._rows = sharing.shifts
        self._peers = sharing.peers
        self._changing = Lock()
        self._peers.answers("stop work", self._stop_here)
        self._peers.regularly(self._look)

    def renew(self, store: Store) -> None:
        super().renew(store)
        store.worlds.on_gone.append(lambda world: self._rows.end(world.name))

    def start(self, world: str, per_second: float) -> None:
        self._peers.ask("stop work", world)
        with self._changing:
            self._rows.put(world, per_second, self._peers.id)
            super().start(world, per_second)

    def stop(self, world: str) -> None:
        self._rows.end(world)
        self._peers.ask("stop work", world)

    def rate(self, world: str) -> float:
        return self._rows.pace(world)

    def _stop_here(self, world: Any) -> None:
        with self._changing:
            super().stop(world)

    def _look(self) -> None:
        """Take over from processes that are gone, and end work that is no longer this one's."""
        with self._changing:
            rows = self._rows.all()
            mine = {world for world, _, process in rows if process == self._peers.id}
            for world in [world for world in self._shifts if world not in mine]:
                super().stop(world)
            for world in mine:
                if not super().rate(world):  # the world is gone, or nobody works there
                    self._rows.end(world, self._peers.id)
            self._take_over([row for row in rows if row[0] not in mine])

    def _take_over(self, rows: list[tuple[str, float, int]]) -> None:
        alive = self._peers.alive() if rows else set()
        for world, per_second, process in rows:
            if process not in alive and self._rows.take(world, process, self._peers.id):
                super().start(world, per_second)
