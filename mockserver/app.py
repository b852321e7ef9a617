"""create_app: assembles the parts of a mock into one WSGI application."""

import atexit
from collections.abc import Callable
from dataclasses import dataclass
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
from mockserver.api.faults import FaultInjector, Faults
from mockserver.api.faults.forced_response import Forced
from mockserver.api.rate_limit import RateLimit
from mockserver.api.routing import add_operations
from mockserver.config import Config
from mockserver.contract.errors import MockError, located
from mockserver.contract.operations import Contract
from mockserver.contract.request_check import RequestValidator
from mockserver.journal import Journal, Recorder
from mockserver.seed.clock import Clock, parse_time
from mockserver.seed.load import DEFAULT_WORLD, load_shared_world
from mockserver.store import SHARED, Store, World


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
    if config.defects:
        from mockserver.defects import check_defects  # noqa: PLC0415 - keeps starting quick

        check_defects(config.defects)  # before a long seeding
    if former is not None:
        return _assembled(config, contract, rate, former.extensions["state"], renewed=True)
    state = _State.new(config, contract)
    atexit.register(state.store.close)
    try:
        return _assembled(config, contract, rate, state, renewed=False)
    except MockError:
        state.store.close()
        raise


@dataclass(frozen=True, slots=True)
class _State:
    """What lasts when an app takes the place of another."""

    store: Store
    faults: Faults
    journal: Journal
    scheduler: ActivityScheduler

    @classmethod
    def new(cls, config: Config, contract: Contract) -> "_State":
        with located("--clock"):
            clock = Clock(parse_time(config.clock) if config.clock else None)
        store = Store(contract, config.choices, clock, config.database, config.max_worlds)
        faults = Faults(contract.operations, store)
        journal = Journal(RequestValidator(contract, config.choices))
        _forget_with_worlds(store, faults, journal)
        return cls(store, faults, journal, ActivityScheduler(store))

    def use(self, config: Config, contract: Contract) -> None:
        """Go on with another contract."""
        self.store.use(contract)
        self.faults.operations = contract.operations
        self.journal.validator = RequestValidator(contract, config.choices)


def _assembled(
    config: Config, contract: Contract, rate: RateLimit | None, state: _State, *, renewed: bool
) -> Flask:
    store, faults = state.store, state.faults
    app = _Application("mockserver", static_folder=None)
    app.url_map.merge_slashes = False  # as the vendor's router: another path, which is a 404
    app.extensions |= {"state": state, "store": store, "faults": faults, "journal": state.journal}
    injector = FaultInjector(Forced(contract, config.choices, store), faults, store)
    # Before the world: a contract that code does not fit stops here.
    declared = add_operations(
        app, contract, store, config.choices, rate, injector, check=config.check
    )
    if renewed:
        state.use(config, contract)
    with located("--fault"):
        own_faults = [faults.parse(text) for text in config.faults]  # before a long seeding
    world = load_shared_world(store, config.world, config.seed_options, contract)
    if world:
        declared.use(world)
    app.extensions["admin"] = context = AdminContext(
        store, config, contract, faults, state.scheduler
    )
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
    app.wsgi_app = Recorder(app.wsgi_app, state.journal)  # type: ignore[method-assign]  # Flask's way
    shared = faults.parse_all(world.faults, f"{world.source}: faults") if world else ()
    faults.start_with(own_faults, shared)
    return app


def start_activity(app: Flask) -> None:
    """Start the background activity of the shared world, if the options ask for it."""
    admin: AdminContext = app.extensions["admin"]
    if admin.config.activity:
        admin.scheduler.start(SHARED, admin.config.activity)


def _forget_with_worlds(store: Store, faults: Faults, journal: Journal) -> None:
    """Drop a world's faults and journal with the world."""

    def forget(world: World) -> None:
        faults.drop(world.name)
        journal.clear(world.name)

    store.worlds.on_reset.append(lambda world: faults.reset(world.name))
    store.worlds.on_gone.append(forget)
