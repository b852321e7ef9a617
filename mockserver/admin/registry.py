"""Registry of the admin API's endpoint functions, by operationId."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Response

from mockserver.admin.context import AdminContext
from mockserver.contract.errors import NotFound
from mockserver.store import World, WorldEntry


@dataclass(frozen=True, slots=True)
class AdminRequest:
    """A request to the admin API with validated input."""

    context: AdminContext
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def entry(self) -> WorldEntry:
        """The world that the path names; it is opened on first use, as by a token."""
        return open_entry(self.context, self.path["world"])

    @property
    def existing(self) -> WorldEntry:
        """The world that the path names, without opening it; raises NotFound."""
        name = self.path["world"]
        entry = self.context.store.worlds.entry(name)
        if entry is None:
            raise NotFound(f"There is no world {name!r}; GET /_mock/worlds lists them.")
        return entry

    @property
    def world(self) -> World:
        return self.entry.world


Endpoint = Callable[[AdminRequest], dict[str, Any] | Response | None]
"""Returns the JSON of the documented success, a whole response, or None for no content."""


def open_entry(context: AdminContext, name: str) -> WorldEntry:
    """Return a world, opened if it does not exist; raises NotFound if it was deleted meanwhile."""
    worlds = context.store.worlds
    if worlds.entry(name) is None:
        worlds.open(name, named=False)
    entry = worlds.entry(name)
    if entry is None:
        raise NotFound(f"World {name!r} was deleted during the request.")
    return entry


ENDPOINTS: dict[str, Endpoint] = {}

Registered = TypeVar("Registered", bound=Endpoint)


def admin_endpoint(operation_id: str) -> Callable[[Registered], Registered]:
    """Register a function as the endpoint of an operation of the admin API."""

    def register(endpoint: Registered) -> Registered:
        ENDPOINTS[operation_id] = endpoint
        return endpoint

    return register
