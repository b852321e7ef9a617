"""Generated cases: schemathesis makes requests from the contract, our door sends them, laws judge.

Only reading operations are generated. What a write may change is for the laws of update and for
the state machine, which undo what they do.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests
import schemathesis
from requests.structures import CaseInsensitiveDict
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import context, from_schema

from contract_tests.budget import Exhausted
from contract_tests.scout import Scout
from contract_tests.target import Target

CONFIG = Path(__file__).with_name("generated.toml")


def generate(scout: Scout, seed: int = 0) -> None:
    """Send generated requests; ends with the budget. Only the deep profile can afford it."""
    if scout.profile != "deep":
        return
    schema = schemathesis.openapi.from_dict(_reading(scout), config=_config(scout.target, seed))
    with _our_session(scout.target):
        stream = from_schema(schema).execute()
        for _ in stream:
            if not scout.target.budget.allows():
                stream.stop()
    scout.catch_up()


def _reading(scout: Scout) -> dict[str, Any]:
    """Return the contract with the operations that only read, and links between them."""
    document = deepcopy(scout.seen.contract.document)
    for path, item in list(document["paths"].items()):
        document["paths"][path] = {method: node for method, node in item.items() if method != "put"}
        if not any(method in document["paths"][path] for method in ("get", "head")):
            del document["paths"][path]
    kept = {node["operationId"] for item in document["paths"].values() for node in item.values()}
    for item in document["paths"].values():
        for node in item.values():
            for response in node["responses"].values():
                links = response.get("links", {})
                for name in [n for n, link in links.items() if link["operationId"] not in kept]:
                    del links[name]
    return document


def _config(target: Target, seed: int) -> SchemathesisConfig:
    settings = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    settings["seed"] = seed
    settings["base-url"] = target.base_url
    settings["headers"] = {
        "Authorization": target.tokens.header("main"),
        "Accept": "application/json",
        "User-Agent": "contract-tests",
    }
    return SchemathesisConfig.from_dict(settings)


@contextmanager
def _our_session(target: Target) -> Iterator[None]:
    """Give schemathesis our session: it has no other way to the network.

    Its engine makes sessions itself and offers no option for another transport; the version is
    pinned, and a test counts what arrives at the deployment.
    """

    def session(config: Any, **_: Any) -> requests.Session:
        target.session.headers.update(config.headers_for(operation=None) or {})
        target.session.max_redirects = 0
        return target.session

    before = target.session.headers
    target.session.headers = CaseInsensitiveDict()
    try:
        with patch.object(context, "make_session", session), target.phase("generated"):
            yield
    except Exhausted:
        pass
    finally:
        target.session.headers = before
