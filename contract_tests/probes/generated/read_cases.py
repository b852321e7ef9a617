"""The engine of generated cases: schemathesis, sending through our session."""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests
import schemathesis
from requests.structures import CaseInsensitiveDict
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import context, from_schema

from contract_tests.client.budget import Exhausted
from contract_tests.client.target import Target
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.generated import engine_errors
from contract_tests.writes.hypothesis_constants import no_local_constants

CONFIG = Path(__file__).with_name("settings.toml")
Document = dict[str, Any]
Send = Callable[..., requests.Response]


def read(explorer: Explorer, seed: int) -> None:
    """Send what schemathesis makes of the operations that only read."""
    run(explorer, _reading(explorer), settings_of(seed))


def run(
    explorer: Explorer,
    document: Document,
    settings: dict[str, Any],
    around: Callable[[Send], Send] = lambda send: send,
) -> None:
    """Send the cases of a document through our session; `around` wraps how each is sent."""
    config = SchemathesisConfig.from_dict({**settings, **_addressed(explorer.target)})
    schema = schemathesis.openapi.from_dict(document, config=config)
    with (
        _our_session(explorer.target, around),
        no_local_constants(),
        engine_errors.told(explorer.note),
    ):
        stream = from_schema(schema).execute()
        for event in stream:
            engine_errors.heard(event, explorer.note)
            if not explorer.target.budget.allows():
                stream.stop()
    explorer.catch_up()


def settings_of(seed: int, *, examples: int | None = None) -> dict[str, Any]:
    """Return the committed settings, with a seed and perhaps another number of examples."""
    settings = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    settings["seed"] = seed
    if examples is not None:
        settings["generation"]["max-examples"] = examples
    return settings


def _addressed(target: Target) -> dict[str, Any]:
    headers = {
        "Authorization": target.tokens.header("main"),
        "Accept": "application/json",
        "User-Agent": "contract-tests",
    }
    return {"base-url": target.base_url, "headers": headers}


def _reading(explorer: Explorer) -> Document:
    """Return the contract with the operations that only read, and links between them."""
    document = deepcopy(explorer.history.contract.document)
    for path, item in list(document["paths"].items()):
        document["paths"][path] = {method: node for method, node in item.items() if method != "put"}
        if not any(method in document["paths"][path] for method in ("get", "head")):
            del document["paths"][path]
    drop_links(document)
    return document


def drop_links(document: Document) -> None:
    """Take out, in place, the links to operations that a document does not have."""
    nodes = [node for item in document["paths"].values() for node in item.values()]
    kept = {node["operationId"] for node in nodes}
    shared = document.get("components", {}).get("responses", {})
    for responses in [shared, *(node["responses"] for node in nodes)]:
        for response in responses.values():
            links = response.get("links", {})
            for name in [n for n, link in links.items() if link["operationId"] not in kept]:
                del links[name]


@contextmanager
def _our_session(target: Target, around: Callable[[Send], Send]) -> Iterator[None]:
    """Give schemathesis our session: it has no other way to the network.

    Its engine makes sessions itself and offers no option for another transport; the version is
    pinned, and a test counts what arrives at the deployment.
    """

    def session(config: Any, **_: Any) -> requests.Session:
        target.session.headers.update(config.headers_for(operation=None) or {})
        return target.session

    before = target.session.headers
    target.session.headers = CaseInsensitiveDict()
    try:
        with ExitStack() as stack:
            stack.enter_context(patch.object(context, "make_session", session))
            stack.enter_context(patch.object(target.session, "send", around(target.session.send)))
            stack.enter_context(target.phase("generated"))
            yield
    except Exhausted:
        pass
    finally:
        target.session.headers = before
