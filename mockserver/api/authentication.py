"""Callers: a bearer token stands for a user in a workspace in a world."""

from flask import Request

from mockserver.contract.errors import Unauthenticated
from mockserver.store import NAME, Caller, Store


def find_caller(request: Request, store: Store) -> Caller | None:
    """Return the caller; None for a token that opens nothing, or none at all."""
    token = _bearer_token(request)
    return None if token is None else store.worlds.find_caller(token)


def authenticate(request: Request, store: Store) -> Caller:
    """Return the caller; raises Unauthenticated."""
    caller = find_caller(request, store)
    if caller is None:
        raise unauthenticated(request)
    return caller


def unauthenticated(request: Request) -> Unauthenticated:
    """Return the refusal of a request's token, with the reason where the mock knows it."""
    _, at, name = (_bearer_token(request) or "").partition("@")
    if not at or NAME.fullmatch(name):
        return Unauthenticated()
    return Unauthenticated(
        f"{name[:80]!r} is not a valid name of a world: write 1 to 64 letters, digits, dots, "
        "hyphens and underscores, as in jane@pr-123."
    )


def open_private_world(request: Request, store: Store) -> None:
    """Open the world that the token names on its first use, before the request is read."""
    token = _bearer_token(request)
    if token is not None:
        store.worlds.open_on_first_use(token)


def _bearer_token(request: Request) -> str | None:
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
