"""Validates command line values; each error names the option and how to correct it."""

import os
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from dotenv.parser import parse_stream

from contract_tests.client.budget import Pace
from contract_tests.client.local_mock import MOCK_TICKET
from contract_tests.client.target import Tokens
from contract_tests.laws import LAWS, requirements
from contract_tests.report.files import read_text
from mockserver.contract.command_line import Options
from mockserver.contract.loopback import is_loopback_url

_WINDOWS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
_TOKEN = re.compile(r"""[^\s"'\x00-\x1f\x7f-\U0010ffff]+""")
_RATE = re.compile(r"^(\d+)/(second|minute|hour)$")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SET_BY_SUITE = "the suite sets this header itself"
_OWN_HEADERS = {
    "authorization": "give the token with CONTRACT_TOKEN, --token-file or --token",
    **dict.fromkeys(
        ("accept", "connection", "content-length", "content-type", "host", "transfer-encoding"),
        _SET_BY_SUITE,
    ),
}
_VARIABLES = (
    "CONTRACT_TOKEN",
    "CONTRACT_OTHER_TOKEN",
    "CONTRACT_READONLY_TOKEN",
    "CONTRACT_WITHDRAWN_TOKEN",
)
"""Of us, of another workspace, one that may not write, one that has expired or was revoked."""


def base_url(value: str | None, *, with_path: bool = False) -> str | None:
    """Return scheme, host and port of a deployment; a path is refused unless it is allowed."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("http", "https") and parts.port != 0 and parts.netloc.isascii()
    except ValueError:  # of a port or an address in brackets
        valid = False
    if not valid or not parts.hostname or not value.isprintable() or " " in value:
        raise click.BadParameter(
            f"{value!r} is not a valid URL; use for example https://api.example.com "
            "or http://127.0.0.1:4010"
        )
    if parts.username or parts.query or parts.fragment:
        raise click.BadParameter(
            "the URL must contain scheme, host and port only; put the token into CONTRACT_TOKEN"
        )
    if parts.path.rstrip("/") not in ("", "/api") and not with_path:
        raise click.BadParameter(f"remove the path {parts.path!r} from the URL; the API is at /api")
    return f"{parts.scheme}://{parts.netloc}"


def base_path(value: str | None) -> str:
    """Return the path of a valid base URL; empty for none, and for the documented one."""
    path = urlsplit(value or "").path.rstrip("/").removesuffix("/tickets")
    return "" if path == "/api" else path


def pace(value: str | None, url: str) -> Pace:
    """Return the pace; by default 60 a minute, and none on this machine."""
    if value is None:
        return Pace() if is_loopback_url(url) else Pace(60, 60.0)
    if value == "off":
        return Pace()
    match = _RATE.match(value)
    if match is None or int(match[1]) == 0:
        raise click.BadParameter(f"{value!r}; use for example 60/minute, 2/second, or off")
    return Pace(int(match[1]), _WINDOWS[match[2]])


Decorator = Callable[[Any], Any]


def all_of(*decorators: Decorator) -> Decorator:
    """Return one decorator for several; --help shows their options in this order."""

    def decorate(command: Any) -> Any:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def rate_option(group: Options) -> Decorator:
    return group.add(
        "--rate",
        callback=_checked_rate,
        help="Rate limit, for example 60/minute, or off. Default: 60/minute, off for loopback "
        "URLs.",
    )


def _checked_rate(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    pace(value, "")
    return value


def ca_bundle_option(group: Options) -> Decorator:
    return group.add(
        "--ca-bundle",
        type=click.Path(path_type=Path, exists=True),
        metavar="FILE",
        help="Certificate authorities to verify TLS with. Default: those that SSL_CERT_FILE or a "
        "similar variable names, else the public ones.",
    )


_ALIKE = 0.5
"""How alike a name is at least that is suggested in place of an unknown one."""


def known_names(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """Raise UsageError for an unknown requirement, law or group; patterns are not checked."""
    known = {*requirements.load(), *LAWS}
    groups = {name.rpartition(".")[0] for name in known} | {n.partition(".")[0] for n in known}
    for name in names:
        if "*" in name or name in known | groups:
            continue
        close = get_close_matches(name, sorted(known | groups), n=3, cutoff=_ALIKE)
        hint = f"did you mean {', '.join(close)}? " if close else ""
        places = f"{hint}The requirements are listed in {requirements.FILES[0]}"
        raise click.UsageError(f"{name!r} is not a known requirement or law; {places}")
    return names


def headers(values: tuple[str, ...]) -> dict[str, str]:
    """Return name → value of each NAME: VALUE; an error never quotes a value."""
    found = {}
    for text in values:
        name, colon, value = (part.strip() for part in text.partition(":"))
        if not colon or not value or not _HEADER_NAME.fullmatch(name):
            shown = name if colon and _HEADER_NAME.fullmatch(name) else "NAME"
            raise click.BadParameter(f"--header: use for example '{shown}: VALUE'")
        if name.lower() in _OWN_HEADERS:
            raise click.BadParameter(f"--header {name}: {_OWN_HEADERS[name.lower()]}")
        if not value.isprintable() or not value.isascii():
            raise click.BadParameter(
                f"--header {name}: its value contains characters that a header cannot have"
            )
        found[name] = value
    return found


def write_tickets(value: str | None) -> tuple[int, ...] | None:
    """Return the ids; an empty tuple for "any", None when nothing may be written."""
    if value is None:
        return None
    return () if value == "any" else ids("--write-tickets", value, "ids such as 42,43, or any")


def extension_tickets(given: Mapping[str, Any], url: str | None) -> tuple[int, ...]:
    """Return the tickets of --write-extension; by default one of the mock, when that is started."""
    if given["write_extension"] is not None and not given["extension"]:
        raise click.UsageError("--write-extension needs --extension")
    if url is None and given["extension"] and given["write_extension"] is None:
        return (MOCK_TICKET,)
    return ids("--write-extension", given["write_extension"])


def ids(option: str, value: str | None, expected: str = "ids such as 42,43") -> tuple[int, ...]:
    """Return the sorted ids of a comma-separated list; an empty tuple without a list."""
    if value is None:
        return ()
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isascii() and part.isdigit() and int(part) > 0 for part in parts):
        raise click.BadParameter(f"{option} {value!r}: use {expected}")
    return tuple(sorted({int(part) for part in parts}))


def tokens(given: dict[str, str | None], file: Path | None) -> Tokens | None:
    """Return the tokens, from options before variables before the file; None if main is missing."""
    values = {
        **_from_file(file),
        **{name: os.environ[name] for name in _VARIABLES if os.environ.get(name)},
    }
    values.update({name: value for name, value in given.items() if value})
    for name, value in values.items():
        if not _TOKEN.fullmatch(value):
            raise click.UsageError(
                f"{name} contains spaces, quotes or characters that are not allowed in a token"
            )
    given_as: dict[str, str] = {}
    for name in (name for name in _VARIABLES if name in values):
        if values[name] in given_as:
            raise click.UsageError(
                f"{given_as[values[name]]} and {name} are the same token; give two different ones"
            )
        given_as[values[name]] = name
    main, *others = (values.get(name) for name in _VARIABLES)
    return Tokens(main, *others) if main else None


def _from_file(file: Path | None) -> dict[str, str]:
    """Read our variables from a .env file, or a file that contains a token alone."""
    if file is None:
        return {}
    text = read_text(file, "--token-file")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and not set(lines[0].rstrip("=")) & set("=: \t#"):
        return {"CONTRACT_TOKEN": lines[0]}
    values = {}
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            line = binding.original.line
            raise click.UsageError(f"--token-file {file}, line {line}: expected NAME=VALUE")
        if binding.key in _VARIABLES and binding.value:
            values[binding.key] = re.sub(r"(?i)^bearer\s+", "", binding.value)
    if not values:
        expected = ", ".join(_VARIABLES)
        raise click.UsageError(f"--token-file {file}: it sets none of {expected}")
    return values
