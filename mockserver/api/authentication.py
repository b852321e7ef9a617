"""Callers: a bearer token stands for a user in a workspace in a world."""

from flask import Request

from mockserver.contract.errors import Unauthenticated
from mockserver.store import Caller, Store


def find_caller(request: Request, store: Store) -> Caller | None:
    """Return the caller; None for a token that opens nothing, or none at all."""
    token = _bearer_token(request)
    return None if token is None else store.find_caller(token)


def authenticate(request: Request, store: Store) -> Caller:
    """Return the caller; raises Unauthenticated."""
    caller = find_caller(request, store)
    if caller is None:
        raise Unauthenticated
    return caller


def open_private_world(request: Request, store: Store) -> None:
    """Open the world that the token names on its first use, before the request is read."""
    token = _bearer_token(request)
    if token is not None:
        store.open_on_first_use(token)


def _bearer_token(request: Request) -> str | None:
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
