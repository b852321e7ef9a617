"""What can go wrong, as one tree.

ApiError                the caller's fault; becomes the vendor's body
├── BadQuery            400  an unknown filter or sort
├── Unauthenticated     401  no token, or one that opens nothing
├── Forbidden           403  a token that may not do this
├── NotFound            404  a route or a ticket that is not there
├── MethodNotAllowed    405  a route that does not take this method
├── Invalid             422  input that breaks a rule, field by field
└── TooManyRequests     429  over the rate limit
MockError               our fault or our user's; never hidden
├── ConfigError         an option that cannot be used
├── SpecError           openapi.yaml and the code do not fit
├── FixtureError        a world file or an example that cannot be used
├── StoreError          a database that cannot be used
│   └── StoreUnavailable  503  a database out of reach for now
│       └── StoreBusy     503  a database that another program has locked
└── ContractBroken      500  a reply that would break the contract
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any


class ApiError(Exception):
    """A refusal with its status; `headers` go with it.

    `hint` is for the developer: it explains what the vendor's text does not.
    """

    status = 500
    hint = ""

    def __init__(
        self, message: str, headers: Mapping[str, str] | None = None, *, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.headers = dict(headers or {})
        self.status = status or self.status

    def body(self) -> dict[str, Any]:
        return {"message": self.message}


class BadQuery(ApiError):
    status = 400


class Unauthenticated(ApiError):
    status = 401

    def __init__(self, hint: str = "") -> None:
        super().__init__(f"Unauthenticated. {hint}".strip())


class Forbidden(ApiError):
    status = 403

    def __init__(self) -> None:
        super().__init__("This action is unauthorized.")


class NotFound(ApiError):
    status = 404


class MethodNotAllowed(ApiError):
    status = 405


class Invalid(ApiError):
    """Refused input: a list of messages for each field, in the order of the fields."""

    status = 422

    def __init__(self, errors: Mapping[str, list[str]], hint: str = "") -> None:
        self.errors = dict(errors)
        self.hint = hint
        messages = [message for field in self.errors.values() for message in field]
        super().__init__(messages[0] + _and_more(len(messages) - 1))

    def body(self) -> dict[str, Any]:
        return {"message": self.message, "errors": self.errors}


class TooManyRequests(ApiError):
    status = 429

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__("Too Many Attempts.", headers)


class MockError(Exception):
    """An error that is not the API caller's; its text says what, where and how to correct it."""


class ConfigError(MockError):
    pass


class SpecError(MockError):
    pass


class FixtureError(MockError):
    pass


class StoreError(MockError):
    pass


class StoreUnavailable(StoreError):
    pass


class StoreBusy(StoreUnavailable):
    """Another program holds a lock; a thread that may wait can try again."""


class ContractBroken(MockError):
    pass


@contextmanager
def located(place: str) -> Iterator[None]:
    """Name a place, such as a file, before the text of a MockError."""
    try:
        yield
    except MockError as error:
        raise type(error)(f"{place}: {error}") from None


def suggestion(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return "did you mean …?" with the known name most similar to a word.

    If none is similar, return `otherwise`, by default all known names.
    """
    names = list(known)
    if close := get_close_matches(word, names, n=1):
        return f"did you mean {close[0]}?"
    return otherwise or f"there are {', '.join(names)}"


def _and_more(count: int) -> str:
    if count < 1:
        return ""
    return f" (and {count} more {'error' if count == 1 else 'errors'})"
