"""Authentication: a bearer token is of a user in a workspace in a world."""

from flask import Request

from mockserver.contract.errors import Unauthenticated
from mockserver.store import NAME, SHARED, Caller, Store


def find_caller(request: Request, store: Store) -> Caller | None:
    """Return the caller; None for a token that opens nothing, or none at all."""
    token = _bearer_token(request)
    return None if token is None else store.worlds.find_caller(token)


def authenticate(request: Request, store: Store) -> Caller:
    """Return the caller, whose world is opened on first use; raises Unauthenticated."""
    open_private_world(request, store)
    caller = find_caller(request, store)
    if caller is None:
        raise unauthenticated(request)
    return caller


def unauthenticated(request: Request) -> Unauthenticated:
    """Return the refusal of a request's token, with the reason if it is the name of the world."""
    name = _invalid_name(_bearer_token(request) or "")
    return Unauthenticated() if name is None else Unauthenticated(f"{_explain_name(name)}.")


def reason_of_refusal(request: Request, store: Store) -> str:
    """Return in words why a request has no caller, without its token."""
    token = _bearer_token(request)
    if token is None:
        sent = "HTTP_AUTHORIZATION" in request.environ
        problem = "the Authorization header does not say Bearer" if sent else "no token was sent"
        return f"{problem}; send the header Authorization: Bearer TOKEN"
    name = _invalid_name(token)
    if name is not None:
        return _explain_name(name)
    plain, _, world = token.partition("@")
    entry = store.worlds.entry(world or SHARED) or store.worlds.entry(SHARED)
    known = store.worlds.tokens(entry.world) if entry else []
    state = next((each.state for each in known if each.token == plain), None)
    if state is not None:
        return f"this token is {state}; use an active one"
    place = entry.world.name if entry else SHARED
    return f"no user has this token; GET /_mock/worlds/{place} lists the tokens"


def open_private_world(request: Request, store: Store) -> None:
    """Open the world that the token names on its first use, before the request is read."""
    token = _bearer_token(request)
    if token is not None:
        store.worlds.open_on_first_use(token)


def _invalid_name(token: str) -> str | None:
    """Return the world that a token names, if no world can have that name."""
    _, at, name = token.partition("@")
    return name if at and not NAME.fullmatch(name) else None


def _explain_name(name: str) -> str:
    return (
        f"{name[:80]!r} is not a valid name of a world: write 1 to 64 letters, digits, dots, "
        "hyphens and underscores, as in jane@pr-123"
    )


def _bearer_token(request: Request) -> str | None:
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
