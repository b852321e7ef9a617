"""Errors that end a command because nothing could be checked."""


class CannotRun(Exception):
    """The deployment cannot be checked at all: unreachable, or the token is refused."""
