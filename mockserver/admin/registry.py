"""Which function pulls which lever."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Response

from mockserver.admin.context import Mock
from mockserver.contract.errors import NotFound
from mockserver.store import World, WorldEntry


@dataclass(frozen=True, slots=True)
class Pull:
    """One use of a lever: the mock it acts on, and input known to obey its schemas."""

    mock: Mock
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def entry(self) -> WorldEntry:
        """The world that the path names; raises NotFound."""
        name = self.path["world"]
        entry = self.mock.store.worlds.entry(name)
        if entry is None:
            raise NotFound(f"There is no world {name!r}; GET /_mock/worlds lists them.")
        return entry

    @property
    def world(self) -> World:
        return self.entry.world


Puller = Callable[[Pull], dict[str, Any] | Response | None]
"""Returns the JSON of the documented success, a whole response, or None for no content."""

LEVERS: dict[str, Puller] = {}

Registered = TypeVar("Registered", bound=Puller)


def lever(operation_id: str) -> Callable[[Registered], Registered]:
    """Register a function under the operationId of its lever."""

    def register(puller: Registered) -> Registered:
        LEVERS[operation_id] = puller
        return puller

    return register
