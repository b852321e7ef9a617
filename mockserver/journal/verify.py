"""The verdict of a running mock on the application under test, fetched over HTTP."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import requests

from mockserver.contract.errors import ConfigError

_PATIENCE = 30
"""Seconds."""


def fetch_verdict(url: str, world: str | None, admin_token: str | None) -> dict[str, Any]:
    """Return what the mock at `url` says of one world, or of all; raises ConfigError."""
    lever = f"{url.rstrip('/')}/_mock/journal/verdict"
    headers = {"X-Mock-Admin-Token": admin_token} if admin_token else {}
    query = {"world": world} if world else {}
    try:
        with requests.Session() as session:
            session.trust_env = not _is_loopback(url)
            session.auth = lambda request: request  # or a netrc file would be read
            reply = session.get(lever, params=query, headers=headers, timeout=_PATIENCE)
        found = reply.json()
    except requests.RequestException as error:
        raise ConfigError(f"{url}: no mock answers there ({type(error).__name__})") from None
    if reply.status_code != 200:
        raise ConfigError(f"{url}: {found.get('message', reply.status_code)}")
    verdict: dict[str, Any] = found
    return verdict


def _is_loopback(url: str) -> bool:
    """Return whether a URL is of this machine, and so is reached through no proxy."""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def complaints(verdict: dict[str, Any], allow: Collection[str]) -> list[str]:
    """Return a line for each thing amiss; a run that asked for nothing proves nothing."""
    if not verdict["requests"]:
        return ["no request was recorded; does the application use this mock?"]
    lines = [
        f"{each['kind']}: {each['text']}" + f" [world {each['world']}]"
        for each in verdict["findings"]
        if each["kind"] not in allow
    ]
    if verdict["untold"]:
        lines.append(f"and {verdict['untold']} more")
    return lines
