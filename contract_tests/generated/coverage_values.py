"""Values at the limits of each parameter, from schemathesis's deterministic coverage cases."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from contract_tests.observations.exchange import LIST_PATH
from contract_tests.writes.hypothesis_constants import no_local_constants
from mockserver.contract.operations import Contract


def values_of_lists(contract: Contract) -> dict[str, list[str]]:
    """Return what schemathesis would send as each documented query parameter of the list.

    Boundaries, values beside them, wrong types, null and empty text.
    """
    known = contract.operations["listTickets"].query
    found: dict[str, dict[str, None]] = {name: {} for name in known}
    for name, value in _pairs(_only_the_list(contract.document)):
        if name in found:
            found[name][value] = None
    return {name: list(values) for name, values in found.items()}


def _only_the_list(document: dict[str, Any]) -> dict[str, Any]:
    operation = deepcopy(document["paths"][LIST_PATH]["get"])
    for response in operation["responses"].values():
        response.pop("links", None)
    components = deepcopy(document["components"])
    for response in components.get("responses", {}).values():
        response.pop("links", None)
    paths = {LIST_PATH: {"get": operation}}
    return {**document, "paths": paths, "components": components}


def _pairs(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    config = SchemathesisConfig.from_dict({"base-url": "http://localhost"})
    schema = schemathesis.openapi.from_dict(document, config=config)
    with no_local_constants():
        operation = schema[LIST_PATH]["GET"]
        settings = config.projects.default.generation_for(operation=operation, phase="coverage")
        for case in schema.iter_coverage_cases(
            operation, generation_modes=list(GenerationMode), generation_config=settings
        ):
            sent = case.as_transport_kwargs()
            url = requests.Request("GET", sent["url"], params=sent.get("params")).prepare().url
            yield from parse_qsl(urlsplit(str(url)).query, keep_blank_values=True)
