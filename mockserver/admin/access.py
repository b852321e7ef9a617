"""Who may pull levers: whoever sits at this machine, or holds the admin token."""

import ipaddress
from hmac import compare_digest
from urllib.parse import urlsplit

from flask import Request

from mockserver.config import Config
from mockserver.contract.errors import ApiError, Forbidden

_HEADER = "X-Mock-Admin-Token"


class _Refused(Forbidden):
    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message


class _Unauthorized(ApiError):
    status = 401


class Guard:
    def __init__(self, config: Config) -> None:
        self._config = config
        self._local = is_loopback(config.host)

    def check(self, request: Request) -> None:
        """Raise the refusal of a request that may not pull levers."""
        self._check_origin(request)
        if self._config.admin_token is not None:
            self._check_token(request, self._config.admin_token)
            return
        if not self._local:
            raise _Refused(
                f"Levers are off, because this mock listens on {self._config.host}; start it "
                f"with --admin-token and send that as {_HEADER}, or with --host 127.0.0.1."
            )
        # A name that somebody else's DNS resolves to this machine would open the levers to a page.
        name = _host_of(f"//{request.host}")
        if not is_loopback(name):
            raise _Refused(
                f"Levers answer to localhost only, not to {name}; use 127.0.0.1 in the URL, or "
                "start the mock with --admin-token."
            )

    def _check_origin(self, request: Request) -> None:
        origin = request.headers.get("Origin")
        if origin is None or self._config.control_cors:
            return
        if urlsplit(origin).netloc != request.host:
            raise _Refused(
                f"Levers are closed to pages of {origin}; start the mock with --control-cors to "
                "open them."
            )

    def _check_token(self, request: Request, expected: str) -> None:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        given = request.headers.get(_HEADER) or (bearer if scheme.lower() == "bearer" else "")
        if not compare_digest(given.encode(), expected.encode()):
            raise _Unauthorized(f"The admin token is missing or wrong; send it as {_HEADER}.")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _host_of(url: str) -> str:
    return urlsplit(url).hostname or ""
