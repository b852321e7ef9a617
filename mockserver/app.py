"""create_app: assembles the parts of a mock into one WSGI application."""

import atexit
from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.routing import MapAdapter

from mockserver.admin import AdminContext, register_admin
from mockserver.admin.activity.scheduler import ActivityScheduler
from mockserver.admin.inspector import add_inspector
from mockserver.api.assets.docs import add_reference
from mockserver.api.assets.files import add_files
from mockserver.api.cors import add_cors
from mockserver.api.error_handlers import add_error_handlers
from mockserver.api.faults import FaultMiddleware, Faults
from mockserver.api.faults.forced_response import Forced
from mockserver.api.rate_limit import RateLimit
from mockserver.api.routing import Routes
from mockserver.config import Config
from mockserver.contract.errors import MockError
from mockserver.contract.operations import Contract
from mockserver.contract.request_check import RequestValidator
from mockserver.journal import Journal, Recorder
from mockserver.seed.clock import Clock, parse
from mockserver.seed.load import DEFAULT_WORLD, load_shared_world
from mockserver.store import Store, World


class _NoSessions(SessionInterface):
    _session = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:  # noqa: ARG002 - Flask's
        return self._session


class _Application(Flask):
    """Flask without sessions, asynchronous views and subdomains."""

    session_interface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        environ = request.environ
        return self.url_map.bind(
            environ.get("HTTP_HOST") or "localhost",
            script_name=environ.get("SCRIPT_NAME"),
            url_scheme=request.scheme,
            default_method=request.method,
            path_info=request.path,
            query_args=environ.get("QUERY_STRING", ""),
        )


def create_app(config: Config | None = None, former: Flask | None = None) -> Flask:
    """Return a mock as a WSGI application; raises MockError.

    The app keeps its database open until the process ends or `app.extensions["store"]` is
    closed. A `former` app passes on its database, faults, journal and background activity,
    for example after the contract was changed.
    """
    config = config or Config()
    contract = config.served_contract()
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
    app = _Application("mockserver", static_folder=None)
    app.url_map.merge_slashes = False  # as the vendor's router: another path, which is a 404
    app.extensions["store"] = store
    app.extensions["faults"] = faults = _faults(contract, store, former)
    app.extensions["journal"] = journal = _journal(contract, config, former)
    middleware = FaultMiddleware(Forced(contract, config.choices, store), faults, store)
    routes = Routes(contract, store, config.choices, rate, middleware, config.check)
    routes.add_to(app)  # before the world: a contract that code does not fit stops here
    world = load_shared_world(store, config.world, config.seed_options, contract)
    routes.declared.use(world.collections if world else {})
    scheduler = _scheduler(store, former)
    context = AdminContext(store, config, contract, faults, scheduler)
    app.extensions["admin"] = context
    tokens = store.worlds.active_tokens() if config.is_local else []
    token = next((each.token for each in tokens if not each.readonly), None)
    add_reference(app, contract, token)
    register_admin(app, context, token)
    add_inspector(app, context)
    add_files(app)
    add_error_handlers(app)
    add_cors(app, admin_too=config.admin_cors)
    if config.defects:
        from mockserver.defects import add_defects  # noqa: PLC0415 - keeps starting quick

        add_defects(app, config.defects, config.world or DEFAULT_WORLD)
    app.wsgi_app = Recorder(app.wsgi_app, journal)  # type: ignore[method-assign]  # Flask's way
    faults.start_with(config.faults, world.faults if world else ())
    _forget_with_worlds(store, faults, journal)
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


def _scheduler(store: Store, former: Flask | None) -> ActivityScheduler:
    if former is None:
        return ActivityScheduler(store)
    scheduler: ActivityScheduler = former.extensions["admin"].scheduler
    scheduler.renew(store)
    return scheduler


def _faults(contract: Contract, store: Store, former: Flask | None) -> Faults:
    if former is None:
        return Faults(contract.operations, store)
    faults: Faults = former.extensions["faults"]
    faults.renew(store)
    return faults


def _journal(contract: Contract, config: Config, former: Flask | None) -> Journal:
    validator = RequestValidator(contract, config.choices)
    journal: Journal = former.extensions["journal"] if former else Journal(validator)
    journal.validator = validator
    return journal


def _forget_with_worlds(store: Store, faults: Faults, journal: Journal) -> None:
    """Drop a world's faults and journal with the world."""

    def forget(world: World) -> None:
        faults.drop(world.name)
        journal.clear(world.name)

    store.worlds.on_reset.append(lambda world: faults.reset(world.name))
    store.worlds.on_gone.append(forget)
