"""The common part of adaptations that rename parameters of the list."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote_plus

from contract_tests.adaptations.adaptation import Adaptation, Node, Place
from contract_tests.adaptations.requests import effect
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request
from mockserver.contract.document.references import node_at

_PARAMETERS: Place = ("paths", LIST_PATH, "get", "parameters")


@dataclass(frozen=True)
class Renaming(Adaptation):
    """Some parameters of the list have other names."""

    @property
    def breaks(self) -> str:
        first = next(iter(self.names))
        return f"a client that sends {first} is refused, or is answered as if it had not sent it"

    @property
    def names(self) -> Mapping[str, str]:
        """Documented name → the deployment's own."""
        raise NotImplementedError

    def outgoing(self, request: Request) -> Request:
        return _renamed(request, self.names)

    def documented_form(self, request: Request) -> Request:
        return _renamed(request, {own: documented for documented, own in self.names.items()})

    def incoming(self, operation: str, document: Any) -> Any:
        """Rename the parameters in the links of a page to the documented names."""
        links = document.get("links") if isinstance(document, dict) else None
        if operation != "listTickets" or not isinstance(links, dict):
            return document
        names = {own: documented for documented, own in self.names.items()}
        read = {key: _read_link(link, names) for key, link in links.items()}
        return document if read == links else {**document, "links": read}

    def accepts(self, exchange: Exchange) -> bool:
        return super().accepts(exchange) and not self._is_ignored(exchange)

    def explains(self, exchange: Exchange) -> bool:
        return super().explains(exchange) or self._is_ignored(exchange)

    def _is_ignored(self, exchange: Exchange) -> bool:
        return not set(self.names).isdisjoint(effect.ignored(exchange))

    def amended(self, document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        """Rename the parameters; an overlay can only replace their list as a whole."""
        nodes, names = node_at(document, _PARAMETERS), self.names
        renamed = [{**node, "name": names.get(node["name"], node["name"])} for node in nodes]
        return {_PARAMETERS: renamed}


def inner(name: str) -> str:
    """Return the name of a filter without the word filter and brackets."""
    match = re.fullmatch(r"\w+\[([\w-]+)\]", name)
    return match[1] if match else name


def statement(name: str) -> str:
    """Return the statement that a renamed parameter violates."""
    if inner(name) != name:
        return f"list.filter.{inner(name)}"
    known = {"per_page": "list.per_page", "sort": "list.sort.created_at"}
    return known.get(name, "list.paginated")


def _renamed(request: Request, names: Mapping[str, str]) -> Request:
    if request.path != LIST_PATH or not any(name in names for name, _ in request.query):
        return request
    return replace(request, query=tuple((names.get(n, n), v) for n, v in request.query))


def _read_link(link: Any, names: Mapping[str, str]) -> Any:
    """Return a link with its parameters renamed."""
    if not isinstance(link, str) or "?" not in link:
        return link
    path, _, query = link.partition("?")
    return f"{path}?{'&'.join(_read_pair(pair, names) for pair in query.split('&'))}"


def _read_pair(pair: str, names: Mapping[str, str]) -> str:
    name, sign, value = pair.partition("=")
    found = names.get(unquote_plus(name))
    return pair if found is None else f"{quote(found, safe='[]')}{sign}{value}"
