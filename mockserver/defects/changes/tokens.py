"""The tokens of a world file, for defects of authentication and access."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.seed import WorldFile
from mockserver.seed.world_file.defaults import read_tokens


@dataclass(frozen=True, slots=True)
class _Known:
    token: str
    workspace: int
    user: int
    works: bool
    readonly: bool


class Tokens:
    """Tokens of the world file; a returned token keeps the world suffix of the one given."""

    def __init__(self, world: WorldFile) -> None:
        self._known = [known for workspace in world.workspaces for known in _tokens(workspace)]

    def first(self, beside: str = "") -> str | None:
        """Return the first token that works; `beside` says in which world."""
        return self._one(beside, lambda known, _: known.works)

    def user(self, token: str) -> int | None:
        """Return the id of a token's user."""
        plain = token.partition("@")[0]
        return next((known.user for known in self._known if known.token == plain), None)

    def reads_only(self, token: str) -> bool:
        plain = token.partition("@")[0]
        return any(known.readonly for known in self._known if known.token == plain)

    def revived(self, token: str) -> str | None:
        """Return a token that works for the user of one that has expired or was revoked."""
        return self._one(token, lambda known, own: bool(own and known.user == own.user))

    def of_other_user(self, token: str) -> str | None:
        """Return a token of another user of the same workspace."""
        return self._one(
            token,
            lambda known, own: bool(
                own and known.workspace == own.workspace and known.user != own.user
            ),
        )

    def of_other_workspace(self, token: str) -> str | None:
        """Return a token of another workspace."""
        return self._one(token, lambda known, own: bool(own and known.workspace != own.workspace))

    def starting(self, token: str) -> str | None:
        """Return the token that another one, in any case, begins with."""
        plain = token.partition("@")[0].lower()
        return self._one(token, lambda known, _: plain.startswith(known.token.lower()))

    def beginning_with(self, start: str) -> str | None:
        """Return a token that works and is longer than its beginning."""
        tokens = [known.token for known in self._known if known.works]
        return next((t for t in tokens if t.startswith(start) and t != start), None)

    def _one(self, beside: str, fits: Any) -> str | None:
        plain, at, world = beside.partition("@")
        own = next((known for known in self._known if known.token == plain), None)
        for known in self._known:
            if known.works and fits(known, own):
                return f"{known.token}{at}{world}"
        return None


def _tokens(workspace: dict[str, Any]) -> Iterator[_Known]:
    for each in read_tokens(workspace):
        works = each.state == "active" and not each.readonly
        yield _Known(each.token, workspace["id"], each.user_id, works, each.readonly)
