"""Colleagues at work in the background: a thread for each busy world."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic

from mockserver.admin.activity.actions import Act, Acts
from mockserver.contract.errors import StoreUnavailable
from mockserver.store import Store

_log = logging.getLogger("mockserver")


class Colleagues:
    """Starts and stops work in worlds by name; only the pace depends on real time."""

    def __init__(self, store: Store) -> None:
        self._shifts: dict[str, _Shift] = {}
        self._lock = Lock()
        self.renew(store)

    def renew(self, store: Store) -> None:
        """Go on with another store of the same worlds."""
        self._acts = Acts(store)

    def start(self, world: str, per_second: float) -> None:
        """Work at this pace from now on, in place of an earlier one."""
        shift = _Shift(self._act, world, per_second)
        with self._lock:
            earlier = self._shifts.pop(world, None)
            self._shifts[world] = shift
        if earlier:
            earlier.stop()
        shift.begin()

    def stop(self, world: str) -> None:
        with self._lock:
            shift = self._shifts.pop(world, None)
        if shift:
            shift.stop()

    def rate(self, world: str) -> float:
        """Return the acts a second in a world; 0: nobody is at work there."""
        shift = self._shifts.get(world)
        return shift.per_second if shift and shift.working else 0

    def play(self, world: str, count: int) -> list[Act]:
        """Play the next acts of a world at once."""
        acts = (self._act(world) for _ in range(count))
        return [act for act in acts if act is not None]

    def close(self) -> None:
        for world in list(self._shifts):
            Colleagues.stop(self, world)

    def _act(self, world: str) -> Act | None:
        return self._acts.next(world)


class _Shift:
    """The work in one world, until it is stopped or the world goes."""

    def __init__(self, act: Callable[[str], Act | None], world: str, per_second: float) -> None:
        self.per_second = per_second
        self._act = act
        self._world = world
        self._over = Event()
        self._thread = Thread(target=self._work, name=f"busy {world}", daemon=True)

    @property
    def working(self) -> bool:
        return self._thread.is_alive()

    def begin(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        due = monotonic()
        while not self._over.wait(max(0.0, due - monotonic())):
            due = max(due + 1 / self.per_second, monotonic())
            try:
                if self._act(self._world) is None:
                    return
            except StoreUnavailable:
                continue
            except Exception:
                _log.exception("the colleagues in world %s stopped work", self._world)
                return
