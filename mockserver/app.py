"""create_app: the only place where the parts meet."""

import atexit
from pathlib import Path

from flask import Flask
from flask_cors import CORS

from mockserver.admin import Mock, add_levers
from mockserver.admin.activity.scheduler import Colleagues
from mockserver.admin.inspector import add_inspector
from mockserver.api.docs import add_reference
from mockserver.api.error_handlers import add_failures
from mockserver.api.express import Express
from mockserver.api.rate_limit import RateLimit
from mockserver.api.routing import Routes
from mockserver.config import Config
from mockserver.contract.errors import MockError
from mockserver.contract.operations import Contract
from mockserver.seed.clock import Clock, parse
from mockserver.stage import add_stage
from mockserver.store import Store
from mockserver.store.seeding.load import DEFAULT_WORLD, load_shared_world

_EXPOSED = [
    *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"),
    "Preference-Applied",
]


def create_app(config: Config | None = None, former: Flask | None = None) -> Flask:
    """Make a mock as a WSGI application; raises MockError with one clear line.

    It holds a database until the process ends, or until `app.extensions["store"]`
    is closed. In place of a `former` app, as when the contract was saved anew, it goes
    on with that one's database, faults, journal and colleagues.
    """
    config = config or Config()
    contract = Contract.load(Path(config.contract) if config.contract else None)
    rate = RateLimit.parse(config.rate) if config.rate else None
    if former is not None:
        store = _store(config, contract, former.extensions["store"])
        return _assembled(config, contract, rate, store, former)
    store = _store(config, contract)
    atexit.register(store.close)
    try:
        return _assembled(config, contract, rate, store)
    except MockError:
        store.close()
        raise


def _assembled(
    config: Config,
    contract: Contract,
    rate: RateLimit | None,
    store: Store,
    former: Flask | None = None,
) -> Flask:
    app = Flask("mockserver", static_folder=None)
    app.extensions["store"] = store
    routes = Routes(contract, store, config.choices, rate, check=config.check)
    routes.add_to(app)  # before the world: a contract that code does not fit stops here
    troubles = load_shared_world(store, config.world, config.seed_options, contract)
    add_reference(app, contract)
    app.extensions["mock"] = mock = Mock(store, config, contract, _colleagues(store, former))
    add_levers(app, mock)
    add_inspector(app, mock)
    add_failures(app)
    _open_to_pages(app, levers_too=config.control_cors)
    operations = contract.operations.values()
    express = Express(app, operations, routes.answers, lambda: app.extensions["faults"].in_force)
    app.wsgi_app = express  # type: ignore[method-assign]  # Flask's way
    app.extensions["express"] = express
    if config.defects:
        from mockserver.defects import plant_defects  # noqa: PLC0415 - keeps starting quick

        plant_defects(app, config.defects, config.world or DEFAULT_WORLD)
    add_stage(app, contract, store, config.choices, former)
    app.extensions["faults"].begin_with(config.faults, troubles)
    _tie_to_worlds(app, store)
    return app


def _store(config: Config, contract: Contract, former: Store | None = None) -> Store:
    return Store(
        contract,
        config.choices,
        former.clock if former else Clock(parse(config.clock) if config.clock else None),
        config.database,
        max_worlds=config.max_worlds,
        former=former,
    )


def _colleagues(store: Store, former: Flask | None) -> Colleagues:
    if former is not None:
        colleagues: Colleagues = former.extensions["mock"].colleagues
        colleagues.renew(store)
        return colleagues
    return Colleagues(store)


def _open_to_pages(app: Flask, *, levers_too: bool) -> None:
    """Let pages of any origin use the API with credentials, as the vendor's framework does."""
    CORS(
        app,
        resources=r"/.*" if levers_too else r"/(?!_mock(/|$)).*",
        supports_credentials=True,
        expose_headers=_EXPOSED,
        max_age=600,
        always_send=False,  # no page asked for them where no Origin is sent
    )


def _tie_to_worlds(app: Flask, store: Store) -> None:
    """Let faults and journal follow their worlds."""
    faults, journal = app.extensions["faults"], app.extensions["journal"]
    store.worlds.on_reset.append(lambda world: faults.reset(world.name))
    store.worlds.on_gone += [
        lambda world: faults.drop(world.name),
        lambda world: journal.clear(world.name),
    ]
