"""create_app: the only place where the parts meet."""

import atexit
from pathlib import Path

from flask import Flask
from flask_cors import CORS

from mockserver.clock import Clock, parse
from mockserver.config import Config
from mockserver.failures import add_failures
from mockserver.founding import found
from mockserver.rate import RateLimit
from mockserver.reference import add_reference
from mockserver.routing import Routes
from mockserver.spec import Contract
from mockserver.store import Store

_EXPOSED = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"]


def create_app(config: Config | None = None) -> Flask:
    """Make a mock as a WSGI application; raises MockError with one clear line.

    It holds a database until the process ends, or until `app.extensions["store"]`
    is closed.
    """
    config = config or Config()
    contract = Contract.load(Path(config.contract) if config.contract else None)
    clock = Clock(parse(config.clock) if config.clock else None)
    rate = RateLimit.parse(config.rate) if config.rate else None
    app = Flask("mockserver", static_folder=None)
    store = Store(contract, config.choices, clock, config.database)
    app.extensions["store"] = store
    atexit.register(store.close)
    found(store, config, clock)

    Routes(contract, store, config.choices, rate, check=config.check).add_to(app)
    add_reference(app, contract)
    add_failures(app)
    CORS(app, supports_credentials=True, expose_headers=_EXPOSED, max_age=600)
    return app
