"""Access to the admin API: loopback connections, or the admin token."""

from hmac import compare_digest
from urllib.parse import urlsplit

from flask import Request

from mockserver.config import Config
from mockserver.contract.errors import ApiError
from mockserver.contract.loopback import is_loopback

_HEADER = "X-Mock-Admin-Token"


class _AccessDenied(ApiError):
    status = 403


class AccessControl:
    def __init__(self, config: Config) -> None:
        self._config = config
        self._local = is_loopback(config.host)

    def check(self, request: Request) -> None:
        """Raise the ApiError for a request that may not use the admin API."""
        self._check_origin(request)
        if self._config.admin_token is not None:
            self._check_token(request, self._config.admin_token)
            return
        if not self._local:
            raise _AccessDenied(
                f"The admin API is disabled because this mock listens on {self._config.host}; "
                f"start it with --admin-token and send that token as {_HEADER}, or use "
                "--host 127.0.0.1."
            )
        self._check_host(request)

    def check_page(self, request: Request) -> None:
        """Raise the ApiError for a request that a foreign web page may have sent.

        It is for operations that a token of the world allows, as these tokens are public.
        Pages of this machine may send it: a development server may pass requests on.
        """
        if not is_loopback(urlsplit(request.headers.get("Origin", "")).hostname or "localhost"):
            self._check_origin(request)
        if self._local and self._config.admin_token is None:
            self._check_host(request)

    def _check_host(self, request: Request) -> None:
        # DNS rebinding: a foreign name that resolves to 127.0.0.1 would let a web page in.
        name = urlsplit(f"//{request.host}").hostname or ""
        if not is_loopback(name):
            raise _AccessDenied(
                f"The admin API accepts the host name localhost only, not {name}; use 127.0.0.1 "
                "in the URL, or start the mock with --admin-token."
            )

    def _check_origin(self, request: Request) -> None:
        origin = request.headers.get("Origin")
        if origin is None or self._config.admin_cors:
            return
        if urlsplit(origin).netloc != request.host:
            raise _AccessDenied(
                f"The admin API does not accept requests from pages of {origin}; start the mock "
                "with --admin-cors to allow them."
            )

    def _check_token(self, request: Request, expected: str) -> None:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        given = request.headers.get(_HEADER) or (bearer if scheme.lower() == "bearer" else "")
        if not compare_digest(given.encode(), expected.encode()):
            message = f"The admin token is missing or wrong; send it as {_HEADER}."
            raise ApiError(message, status=401)
