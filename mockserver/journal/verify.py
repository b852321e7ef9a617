"""Client for `mockserver verify`: the verdict of a running mock, fetched over HTTP."""

from collections.abc import Collection
from typing import Any

import requests

from mockserver.contract.errors import ConfigError
from mockserver.contract.loopback import is_loopback_url

_TIMEOUT = 30
"""Seconds."""


def fetch_verdict(url: str, world: str | None, admin_token: str | None) -> dict[str, Any]:
    """Return the verdict of the mock at `url` on one world, or all; raises ConfigError."""
    address = f"{url.rstrip('/')}/_mock/journal/verdict"
    headers = {"X-Mock-Admin-Token": admin_token} if admin_token else {}
    query = {"world": world} if world else {}
    try:
        with requests.Session() as session:
            session.trust_env = not is_loopback_url(url)
            session.auth = lambda request: request  # or a netrc file would be read
            reply = session.get(address, params=query, headers=headers, timeout=_TIMEOUT)
        found = reply.json()
    except requests.RequestException as error:
        raise ConfigError(f"{url}: no mock responds there ({type(error).__name__})") from None
    if reply.status_code != 200:
        raise ConfigError(f"{url}: {found.get('message', reply.status_code)}")
    verdict: dict[str, Any] = found
    return verdict


def complaints(verdict: dict[str, Any], allow: Collection[str]) -> list[str]:
    """Return a line for each finding; a run without requests is reported, too."""
    if not verdict["requests"]:
        return ["no request was recorded; check that the application uses this mock"]
    lines = [
        f"{each['kind']}: {each['text']}" + f" [world {each['world']}]"
        for each in verdict["findings"]
        if each["kind"] not in allow
    ]
    if verdict["omitted"]:
        lines.append(f"and {verdict['omitted']} more")
    return lines
