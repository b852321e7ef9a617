"""Files watched while a mock serves: the contract and the world file take effect when saved."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Self

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract import resources
from mockserver.contract.errors import FixtureError, MockError
from mockserver.seed import load_world
from mockserver.seed.load import DEFAULT_WORLD, source_of, statuses
from mockserver.seed.world_file.file import find_world
from mockserver.store import Reseeded, Store

_EVERY = 0.3
"""Seconds between two looks."""

_FEW = 1
"""Tickets made up to see whether a mock starts with the files; to make up more takes time."""

_PATIENCE = 3
"""Seconds that taking up a file has to end when the mock does."""

_MOST_NAMED = 5
"""Worlds, and tickets of each, that are named after a reload."""


def refresh(store: Store, config: Config) -> Reseeded:
    """Bring a store in line with the files as they are now; its worlds keep their changes.

    Return what changed. Raises MockError, and leaves the store as it was, for a file that cannot
    be used.
    """
    contract = config.served_contract()
    world = load_world(config.world or DEFAULT_WORLD, statuses(contract))
    few = _FEW if world.generates else None
    rehearsal = create_app(replace(config, database=None, tickets=few))
    rehearsal.extensions["store"].close()
    options = config.seed_options
    source = source_of(world, options, store.clock.anchor())
    source.make()  # so many tickets may not fit the file where few do
    store.use(contract)
    return store.worlds.reseed(source)


class Reloader:
    """Refreshes a store whenever a watched file is saved, then calls `refreshed`.

    `refreshed` may raise MockError. `report` is called with what changed, in words.
    """

    def __init__(
        self,
        store: Store,
        config: Config,
        refreshed: Callable[[], None],
        report: Callable[[str], object],
    ) -> None:
        self._store = store
        self._config = config
        self._refreshed = refreshed
        self._report = report
        self._contract = Path(config.contract) if config.contract else resources.contract()
        self._world = find_world(config.world or DEFAULT_WORLD)
        self._over = Event()
        self._thread = Thread(target=self._watch, name="reload", daemon=True)

    def __enter__(self) -> Self:
        self._seen = self._state()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(_PATIENCE)

    def _watch(self) -> None:
        while not self._over.wait(_EVERY):
            state = self._state()
            if state != self._seen:
                saved = [file.name for file, when in state.items() if self._seen.get(file) != when]
                self._seen = state
                self._refresh(state, saved)

    def _refresh(self, state: dict[Path, int], saved: list[str]) -> None:
        missing = [str(file) for file, when in state.items() if not when]
        try:
            if missing:
                raise FixtureError(f"{', '.join(missing)}: missing")
            reseeded = refresh(self._store, self._config)
            self._refreshed()
        except (MockError, OSError) as error:
            self._report(f"{error}; the previous version stays in use")
        else:
            self._report(_described(saved, reseeded))

    def _state(self) -> dict[Path, int]:
        return {file: _changed(file) for file in self._files()}

    def _files(self) -> Iterable[Path]:
        schemas = sorted((self._contract.parent / "schemas").rglob("*.yaml"))
        return [self._contract, self._world, *schemas]


def _described(saved: list[str], reseeded: Reseeded) -> str:
    number = reseeded.tickets
    changed = f"{number} {'ticket' if number == 1 else 'tickets'} changed"
    kept = "".join(_kept(world, ids) for world, ids in list(reseeded.kept.items())[:_MOST_NAMED])
    more = len(reseeded.kept) - _MOST_NAMED
    others = f"; the same in {more} more worlds" if more > 0 else ""
    return f"{', '.join(saved) or 'files'} reloaded: {changed}{kept}{others}"


def _kept(world: str, ids: list[int]) -> str:
    shown = ", ".join(map(str, ids[:_MOST_NAMED]))
    more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    which = f"ticket {shown} keeps its" if len(ids) == 1 else f"tickets {shown}{more} keep their"
    return f"; {which} own changes in world {world} (POST /_mock/worlds/{world}/reset drops them)"


def _changed(file: Path) -> int:
    """Return when a file was saved; 0 while it is missing, as when an editor replaces it."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
