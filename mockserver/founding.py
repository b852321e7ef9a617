"""The shared world made from its world file, or found in a kept database."""

from mockserver.clock import Clock
from mockserver.config import Config
from mockserver.errors import StoreError
from mockserver.seed import load_world, plant
from mockserver.seed.worldfile import WorldFile
from mockserver.store import Store

DEFAULT_WORLD = "demo"
DEFAULT_SEED = 1


def found(store: Store, config: Config, clock: Clock) -> None:
    """Make sure that the store has a shared world, and that it is the one asked for.

    A kept database is taken as it is when no world, seed, size or locale is named.
    Raises FixtureError for the world file, StoreError for a database of another world.
    """
    kept = store.seed()
    asked = (config.world, config.seed, config.tickets, config.locale)
    if kept is not None and not any(option is not None for option in asked):
        return
    world = load_world(config.world or DEFAULT_WORLD)
    seed = _seed(config, world)
    made_from = _made_from(config, world, seed)
    if kept is None:
        workspaces = plant(
            world, seed=seed, tickets=config.tickets, locale=config.locale, now=clock.anchor()
        )
        store.plant(made_from, workspaces)
    elif kept != made_from:
        raise StoreError(
            f"{store}: holds {kept}, not {made_from}; leave these options out, "
            "or name another database"
        )


def _seed(config: Config, world: WorldFile) -> int:
    if config.seed is not None:
        return config.seed
    return DEFAULT_SEED if world.seed is None else world.seed


def _made_from(config: Config, world: WorldFile, seed: int) -> str:
    parts = [f"world {world.name}", f"seed {seed}"]
    if config.tickets is not None:
        parts.append(f"{config.tickets} tickets")
    if config.locale is not None:
        parts.append(f"locale {config.locale}")
    return ", ".join(parts)
