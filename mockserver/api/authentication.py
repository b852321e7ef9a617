"""Who is calling: a bearer token stands for a user in a workspace in a world."""

from flask import Request

from mockserver.contract.errors import Unauthenticated
from mockserver.store import Caller, Store


def authenticate(request: Request, store: Store) -> Caller:
    """Return the caller; raises Unauthenticated."""
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    caller = store.find_caller(token.strip()) if scheme.lower() == "bearer" else None
    if caller is None:
        raise Unauthenticated
    return caller
