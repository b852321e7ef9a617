"""Defects: small, realistic contract violations that can be added to a mock."""

from collections.abc import Sequence

from flask import Flask

from mockserver.contract.errors import ConfigError, suggestion
from mockserver.defects.catalogue import CATALOGUE, PART_OF
from mockserver.defects.changes.tokens import Tokens
from mockserver.defects.defect import Defect
from mockserver.defects.middleware import DefectMiddleware
from mockserver.seed import load_world

__all__ = ["CATALOGUE", "Defect", "add_defects", "check_defects", "entries"]


def check_defects(names: Sequence[str]) -> None:
    """Raise ConfigError for a name that no defect has."""
    for name in names:
        if name not in CATALOGUE:
            remedy = suggestion(name, CATALOGUE, "`mockserver defects` lists them")
            raise ConfigError(f"defect {name!r} does not exist; {remedy}")


def add_defects(app: Flask, names: Sequence[str], world: str) -> None:
    """Add defects to an app whose tokens are in the world file `world`.

    Those that damage whole bodies come last: the others need to read what they change.
    """
    tokens = Tokens(load_world(world))
    chosen = [CATALOGUE[name] for name in names]
    for defect in sorted(chosen, key=lambda each: each.family == "damage"):
        middleware = DefectMiddleware(app.wsgi_app, app.url_map, defect, tokens)
        app.wsgi_app = middleware  # type: ignore[method-assign]  # Flask's documented hook


def entries(words: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return the defects of which each word stands in some field, as data."""
    found = [
        {
            "name": defect.name,
            "part": PART_OF[defect.name],
            "family": defect.family,
            "requirement": defect.requirement,
            "visible": defect.visible,
            "rarity": defect.rarity.name,
        }
        for defect in CATALOGUE.values()
    ]
    return [each for each in found if all(word in " ".join(each.values()) for word in words)]
