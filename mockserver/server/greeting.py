"""What the mock prints when it serves: its addresses, its tokens, and who can reach it."""

import sys

import click

from mockserver.config import Config
from mockserver.contract.loopback import is_loopback
from mockserver.server.socket import LOOPBACK
from mockserver.store import Store

_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared, not listened on
_NAMED = 4
"""Tokens that are named."""

_CURL = (
    'curl -g "{url}/api/tickets?filter[status]=open&per_page=10" -H "Authorization: Bearer {token}"'
)
_GREETING = """\
There There mock on {url}  (Ctrl-C stops it)
  try        {curl}
  API        {url}/api
  docs       {url}/docs
  inspector  {inspector}
  tokens     {tokens}; {token}@NAME works in a private world"""
_OPEN = "  note       everyone who reaches this machine can read and change the data of this mock"
_ADMIN_DISABLED = (
    "\n             the admin API and the inspector are disabled; --admin-token TOKEN enables them"
)


def address(config: Config, port: int) -> str:
    """Return the URL under which this machine reaches a mock."""
    host = "127.0.0.1" if config.host in (LOOPBACK, *_ANY_ADDRESS) else config.host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def greet(config: Config, port: int, store: Store) -> None:
    """Print the addresses and tokens of a mock that serves."""
    url, local = address(config, port), is_loopback(config.host)
    active = [each.token for each in store.worlds.active_tokens()]
    more = ", …" if len(active) > _NAMED else ""
    token_needed = "  (asks for the admin token)" if config.admin_token else ""
    enabled = local or config.admin_token
    token = active[0] if active else "TOKEN"
    text = _GREETING.format(
        url=url,
        curl=_CURL.format(url=url, token=token),
        token=token,
        inspector=f"{url}/{token_needed}" if enabled else "disabled",
        tokens=f"{', '.join(active[:_NAMED])}{more}" if active else "none is active",
    )
    click.echo(text)
    if config.public_url:
        click.echo(f"  public     {config.public_url}")
    if not local:
        click.echo(_OPEN if enabled else f"{_OPEN}{_ADMIN_DISABLED}")
    sys.stdout.flush()
