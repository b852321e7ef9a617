"""Proxies and certificate authorities, as the environment sets them."""

import os
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import requests
from requests.utils import get_environ_proxies

from contract_tests.client.errors import CannotRun
from mockserver.contract.loopback import is_loopback_url

CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


def configure(session: requests.Session, url: str, ca_bundle: Path | None = None) -> None:
    """Let a session send exactly what it is given; raises CannotRun for a missing CA file.

    Proxies and certificate authorities come from the environment, as curl reads them.
    Cookies are not kept, and a netrc file, which would replace the token, is not read.
    """
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.verify = certificate_authorities(ca_bundle)
    session.proxies.update(proxies(url))


def proxies(url: str) -> dict[str, str]:
    """Return the proxies for a URL; loopback addresses are never proxied."""
    return {} if is_loopback_url(url) else dict(get_environ_proxies(url, no_proxy=None))


def certificate_authorities(ca_bundle: Path | None = None) -> str | bool:
    """Return the file or folder to verify TLS with; True means the default ones."""
    given = {"--ca-bundle": str(ca_bundle)} if ca_bundle else {}
    given |= {name: os.environ[name] for name in CA_VARIABLES if os.environ.get(name)}
    for name, path in given.items():
        if not Path(path).exists():
            raise CannotRun(f"{name}: {path} does not exist")
        return path
    return True
