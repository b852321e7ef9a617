"""Sources of options besides the command line: environment variables, and a file.

The file is mockserver.toml, or the table tool.mockserver of pyproject.toml.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from mockserver.contract.errors import ConfigError, suggestion

ENVIRONMENT = "MOCKSERVER_"
"""Start of the environment variables: MOCKSERVER_PORT is --port."""

_LIKENESS = 0.8
"""From which the name of a variable is a misspelled one: others may be of another program."""

_FILE = "mockserver.toml"
_PROJECT = "pyproject.toml"


def variable(name: str) -> str:
    """Return the environment variable of an option."""
    return ENVIRONMENT + name.upper().replace("-", "_")


def check_environment(environment: Iterable[str], options: Iterable[str]) -> None:
    """Raise ConfigError for a variable that is nearly one of an option."""
    known = [variable(name).removeprefix(ENVIRONMENT) for name in options]
    for given in environment:
        name = given.removeprefix(ENVIRONMENT)
        if name == given or name in known:
            continue
        if close := get_close_matches(name, known, n=1, cutoff=_LIKENESS):
            raise ConfigError(f"{given}: no such option; did you mean {ENVIRONMENT}{close[0]}?")


def read_options(folder: Path, options: Mapping[str, click.Option]) -> dict[str, Any]:
    """Return the values that the file in a folder gives, by parameter name.

    `options` are by their names without hyphens in front. Raises ConfigError: file, key and how to
    correct it, in one line.
    """
    place, given = _find(folder)
    values = {}
    for key, value in given.items():
        option = options.get(key.replace("_", "-"))
        if option is None or option.name is None:
            keys = f"keys are {', '.join(sorted(options))}"
            remedy = suggestion(key.replace("_", "-"), options, keys)
            raise ConfigError(f"{place}: unknown key {key!r}; {remedy}")
        values[option.name] = _value(f"{place}: {key}", option, value)
    return values


def _find(folder: Path) -> tuple[str, dict[str, Any]]:
    own, project = folder / _FILE, folder / _PROJECT
    if own.is_file():
        return _FILE, _read(own)
    found = _read(project).get("tool", {}).get("mockserver", {}) if project.is_file() else {}
    place = f"{_PROJECT}: tool.mockserver"
    if not isinstance(found, dict):
        raise ConfigError(f"{place} is not a table; write [tool.mockserver]")
    return place, found


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file.name}: not valid TOML: {error}") from None


def _value(place: str, option: click.Option, value: Any) -> Any:
    values = value if option.multiple and isinstance(value, list) else [value]
    texts = [each.isoformat() if isinstance(each, date) else each for each in values]
    if any(isinstance(each, list | dict) for each in texts):
        raise ConfigError(f"{place} takes one value, not {type(value).__name__}")
    if option.is_flag and not isinstance(value, bool):
        raise ConfigError(f"{place}: {value!r} is not a switch; write true or false")
    try:
        converted = [option.type.convert(each, option, None) for each in texts]
    except click.BadParameter as error:
        raise ConfigError(f"{place}: {error.message.rstrip('.')}") from None
    return converted if option.multiple else converted[0]
