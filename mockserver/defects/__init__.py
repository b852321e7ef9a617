"""Defects: small, realistic contract violations that can be added to a mock."""

from collections.abc import Sequence
from difflib import get_close_matches

from flask import Flask

from mockserver.contract.errors import ConfigError
from mockserver.defects.catalogue import CATALOGUE, PART_OF
from mockserver.defects.changes.tokens import Tokens
from mockserver.defects.defect import Defect
from mockserver.defects.middleware import DefectMiddleware
from mockserver.seed import load_world

__all__ = ["CATALOGUE", "Defect", "add_defects", "entries", "table"]


def add_defects(app: Flask, names: Sequence[str], world: str) -> None:
    """Add defects to an app whose tokens are in the world file `world`; raises ConfigError."""
    if not names:
        return
    tokens = Tokens(load_world(world))
    for name in names:
        if name not in CATALOGUE:
            raise ConfigError(f"defect {name!r} does not exist; {_nearest(name)}")
        middleware = DefectMiddleware(app.wsgi_app, app.url_map, CATALOGUE[name], tokens)
        app.wsgi_app = middleware  # type: ignore[method-assign]  # Flask's documented hook


def entries() -> list[dict[str, str]]:
    """Return the catalogue as data."""
    names = ("name", "part", "requirement", "visible", "rarity")
    return [
        dict(zip(names, (d.name, PART_OF[d.name], *_line(d)[2:]), strict=True))
        for d in CATALOGUE.values()
    ]


def table() -> list[tuple[str, ...]]:
    """Return the catalogue as a table: a heading, then a row for each defect."""
    heading = ("defect", "family", "requirement", "visible", "rarity")
    return [heading, *(_line(defect) for defect in CATALOGUE.values())]


def _line(defect: Defect) -> tuple[str, ...]:
    return (
        defect.name,
        defect.family,
        defect.requirement,
        defect.visible,
        defect.rarity.name,
    )


def _nearest(name: str) -> str:
    close = get_close_matches(name, CATALOGUE, n=1)
    return f"did you mean {close[0]}?" if close else "`mockserver defects` lists them"
