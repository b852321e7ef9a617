"""Planted defects: a mock that breaks its contract in one small, realistic way on purpose."""

from collections.abc import Sequence
from difflib import get_close_matches

from flask import Flask

from mockserver.contract.errors import ConfigError
from mockserver.defects.catalogue import CATALOGUE
from mockserver.defects.changes.tokens import Tokens
from mockserver.defects.defect import Defect
from mockserver.defects.middleware import Liar
from mockserver.seed import load_world

__all__ = ["CATALOGUE", "Defect", "entries", "plant_defects", "table"]


def plant_defects(app: Flask, names: Sequence[str], world: str) -> None:
    """Make an app lie; `world` names the file whose tokens it knows. Raises ConfigError."""
    if not names:
        return
    tokens = Tokens(load_world(world))
    for name in names:
        if name not in CATALOGUE:
            raise ConfigError(f"no defect {name!r}; {_nearest(name)}")
        liar = Liar(app.wsgi_app, app.url_map, CATALOGUE[name], tokens)
        app.wsgi_app = liar  # type: ignore[method-assign]  # where Flask wants middleware


def entries() -> list[dict[str, str]]:
    """Return the catalogue as data."""
    names = ("name", "requirement", "visible", "rarity")
    return [
        dict(zip(names, (d.name, d.requirement, d.visible, d.rarity.name), strict=True))
        for d in CATALOGUE.values()
    ]


def table() -> list[tuple[str, ...]]:
    """Return the catalogue as people read it: a heading, then a line for each defect."""
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
