"""The public address: the scheme, host and path prefix that clients of a reverse proxy use."""

from typing import Any
from urllib.parse import urlsplit

from werkzeug.middleware.proxy_fix import ProxyFix

from mockserver.config import Config

Environ = dict[str, Any]


class PublicAddress:
    """Changes WSGI environments as `--public-url` or, with `--trust-proxy`, the proxy says."""

    def __init__(self, config: Config) -> None:
        self._url = urlsplit(config.public_url) if config.public_url else None
        self._forwarded = _forwarded() if config.trust_proxy else None

    def apply(self, environ: Environ) -> None:
        """Set scheme, host and prefix; a prefix that the proxy did not remove is removed."""
        if self._forwarded is not None:
            self._forwarded(environ, _ignored)
        if self._url is not None:
            environ["wsgi.url_scheme"] = self._url.scheme
            environ["HTTP_HOST"] = self._url.netloc
            environ["SCRIPT_NAME"] = self._url.path.rstrip("/")
        prefix, path = environ.get("SCRIPT_NAME", ""), environ["PATH_INFO"]
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            environ["PATH_INFO"] = path.removeprefix(prefix) or "/"


def _forwarded() -> ProxyFix:
    return ProxyFix(lambda *_: (), x_for=1, x_proto=1, x_host=1, x_port=1, x_prefix=1)


def _ignored(*_: Any) -> Any:
    """WSGI's `start_response`, which nothing calls."""
