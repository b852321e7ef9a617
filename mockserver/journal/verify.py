"""Client for `mockserver verify`: the verdict of a running mock, fetched over HTTP."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from mockserver.contract.errors import ConfigError, suggestion
from mockserver.contract.loopback import is_loopback_url

_TIMEOUT = 30
"""Seconds."""


def fetch_verdict(url: str, world: str | None, admin_token: str | None) -> dict[str, Any]:
    """Return the verdict of the mock at `url` on one world, or all; raises ConfigError.

    If the mock has no such world, `missing` says which it has.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{url}: write the URL of the mock as http://127.0.0.1:4010")
    with requests.Session() as session:
        session.trust_env = not is_loopback_url(url)
        session.auth = lambda request: request  # or a netrc file would be read
        if admin_token:
            session.headers["X-Mock-Admin-Token"] = admin_token
        verdict = _fetch(session, url, "journal/verdict", {"world": world} if world else {})
        if world and not verdict["requests"]:
            worlds = [each["name"] for each in _fetch(session, url, "worlds")["worlds"]]
            if world not in worlds:
                verdict["missing"] = suggestion(world, worlds)
    return verdict


def _fetch(
    session: requests.Session, url: str, path: str, query: Mapping[str, str] | None = None
) -> dict[str, Any]:
    address = f"{url.rstrip('/')}/_mock/{path}"
    try:
        reply = session.get(address, params=query, timeout=_TIMEOUT)
        found: dict[str, Any] = reply.json()
    except requests.RequestException as error:
        raise ConfigError(f"{url}: no mock responds there ({type(error).__name__})") from None
    if reply.status_code != 200:
        raise ConfigError(f"{url}: {found.get('message', reply.status_code)}")
    return found


def complaints(verdict: dict[str, Any], allow: Collection[str]) -> list[str]:
    """Return a line for each finding; a run without requests is reported, too."""
    if "missing" in verdict:
        return [f"no request was recorded, and the mock has no such world; {verdict['missing']}"]
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
