"""Differences and drift as a patch of the contract: an OpenAPI Overlay 1.0 document.

Its targets are places of the contract as one document, which `mockserver spec` prints.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from contract_tests.adaptations import contract_patch, kinds
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.schema.drift import Place, Sighting, observations
from contract_tests.report.records.replay import exchanges
from mockserver.contract.document.references import node_at, steps
from mockserver.contract.operations import Contract

Node = dict[str, Any]


@dataclass
class _Found:
    """An addition and the JSON types it was seen with."""

    first: Sighting
    types: set[str] = field(default_factory=set)


def text(record: Node) -> str:
    """Return the overlay as YAML; empty if there is nothing to change."""
    document = overlay(record, Contract.load().page)
    return as_yaml(document) if document["actions"] else ""


def overlay(record: Node, contract: Contract) -> Node:
    """Return the overlay that makes the drift of a run part of the contract."""
    day = record["run"]["started"][:10]
    address = record["run"]["base_url"]
    differences = [(kinds.read(node), node["where"]) for node in record["differences"]]
    found = _without_inherited(_collect(contract, exchanges(record)), contract)
    actions = list(contract_patch.actions(differences, contract.document))
    for each in found:
        home = contract_patch.moved(
            _home(each.first), (a for a, _ in differences), contract.document
        )
        actions.append((home, *_addition(each, f"an answer of {address}, {day}")))
    return {
        "overlay": "1.0.0",
        "info": {"title": f"What {address} sends beyond the contract", "version": day},
        "actions": list(map(_action, actions)),
    }


def _action(action: contract_patch.Action) -> Node:
    place, words, update = action
    change: Node = {"remove": True} if update is None else {"update": update}
    return {"target": json_path(place), "description": words, **change}


def as_yaml(document: Node) -> str:
    plain = json.loads(json.dumps(document))  # nothing shared, so no anchors in the YAML
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)


def _collect(contract: Contract, exchanges: Iterable[Exchange]) -> list[_Found]:
    found: dict[tuple[str, ...], _Found] = {}
    for sighting in observations(contract, exchanges):
        if sighting.name == "(no word)":
            continue
        key = (*sighting.place, sighting.kind, sighting.key[2])
        found.setdefault(key, _Found(sighting)).types.add(sighting.type)
    return list(found.values())


def _without_inherited(found: list[_Found], contract: Contract) -> list[_Found]:
    """Leave out a field that is added to the base schema, too."""
    gained = {(f.first.place, f.first.name) for f in found}
    return [f for f in found if not gained & {(base, f.first.name) for base in _bases(f, contract)}]


def _bases(found: _Found, contract: Contract) -> list[Place]:
    place = found.first.place
    if len(place) < 2 or place[-2] != "allOf":
        return []
    whole = node_at(contract.document, place[:-1])
    return [steps(part["$ref"]) for part in whole if "$ref" in part]


def _addition(found: _Found, where: str) -> tuple[str, Node]:
    """Return the description of an addition, and the update for it."""
    sighting = found.first
    source = {"evidence": "vendor", "where": where}
    if sighting.kind == "value":
        update: Node = {"enum": [sighting.name]}
    elif sighting.kind == "header":
        header = {"schema": {"type": "string"}, "x-source": source}
        update = {"headers": {sighting.name: header}}
    else:
        update = {"properties": {sighting.name: {**_schema(found.types), "x-source": source}}}
    first = f"first in request {sighting.exchange}"
    words = f"{sighting.kind} {sighting.name} of {sighting.where}, {first}"
    return words, update


def _home(sighting: Sighting) -> Place:
    """Return the place to extend; a field is added beside allOf, not in one of its parts."""
    place = sighting.place
    inside = sighting.kind == "field" and len(place) > 1 and place[-2] == "allOf"
    return place[:-2] if inside else place


def _schema(types: set[str]) -> Node:
    """Return the schema for the types that were seen; null alone does not tell the type."""
    if types == {"null"}:
        return {}
    if {"integer", "number"} <= types:
        types = types - {"integer"}
    names = sorted(types, key=lambda name: (name == "null", name))
    return {"type": names[0] if len(names) == 1 else names}


def json_path(place: Place) -> str:
    """Return the JSONPath of a place of the document."""
    steps = (f"[{s}]" if s.isdigit() and before in ("allOf", "anyOf", "oneOf") else f"['{s}']"
             for before, s in zip(("", *place), place, strict=False))  # fmt: skip
    return "$" + "".join(steps)
