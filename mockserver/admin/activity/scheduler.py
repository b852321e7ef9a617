"""Background activity: one thread for each active world."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic

from mockserver.admin.activity.actions import Action, ActionRunner
from mockserver.contract.errors import StoreUnavailable
from mockserver.store import Store

_log = logging.getLogger("mockserver")


class ActivityScheduler:
    """Starts and stops activity in worlds by name; only its pace depends on real time."""

    def __init__(self, store: Store) -> None:
        self._threads: dict[str, _ActivityThread] = {}
        self._lock = Lock()
        self._runner = ActionRunner(store)

    def start(self, world: str, per_second: float) -> None:
        """Run actions at this rate, which replaces an earlier one."""
        thread = _ActivityThread(self._runner.next, world, per_second)
        with self._lock:
            earlier = self._threads.pop(world, None)
            self._threads[world] = thread
        if earlier:
            earlier.stop()
        thread.start()

    def stop(self, world: str) -> None:
        with self._lock:
            thread = self._threads.pop(world, None)
        if thread:
            thread.stop()

    def rate(self, world: str) -> float:
        """Return the actions per second in a world, 0 if activity is off."""
        thread = self._threads.get(world)
        return thread.per_second if thread and thread.working else 0

    def run(self, world: str, count: int) -> list[Action]:
        """Run the next actions of a world immediately."""
        actions = (self._runner.next(world) for _ in range(count))
        return [action for action in actions if action is not None]

    def close(self) -> None:
        for world in list(self._threads):
            self.stop(world)


class _ActivityThread:
    """Activity in one world, until it is stopped or the world is deleted."""

    def __init__(self, run: Callable[[str], Action | None], world: str, per_second: float) -> None:
        self.per_second = per_second
        self._run = run
        self._world = world
        self._over = Event()
        self._thread = Thread(target=self._loop, name=f"activity {world}", daemon=True)

    @property
    def working(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _loop(self) -> None:
        due = monotonic()
        while not self._over.wait(max(0.0, due - monotonic())):
            due = max(due + 1 / self.per_second, monotonic())
            try:
                if self._run(self._world) is None:
                    return
            except StoreUnavailable:
                continue
            except Exception:
                _log.exception("background activity in world %s ended with an error", self._world)
                return
