"""Reading a run record from a file, with a clear word when it is none."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import click
import jsonschema_rs
import yaml

Node = dict[str, Any]
FILE = Path(__file__).parents[1] / "record.schema.yaml"
_TEXTS = ("requirement", "law", "place", "reason", "owner")
_ACCEPTED: Node = {
    "type": "object",
    "additionalProperties": False,
    "required": [*_TEXTS, "expires"],
    "properties": {
        **{name: {"type": "string"} for name in _TEXTS},
        "expires": {"type": "string", "format": "date"},
    },
}
_ENTRIES: Node = {"type": "array", "items": _ACCEPTED}


def read(path: Path) -> Node:
    """Return the record in a file; raises UsageError."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path}: {error}") from None
    except json.JSONDecodeError as error:
        raise click.UsageError(f"{path} is no JSON: {error}") from None
    fault = next(iter(_validator().iter_errors(record)), None)
    if fault is not None:
        place = "/" + "/".join(map(str, fault.instance_path))
        hint = "give a file that contract-tests --json wrote"
        raise click.UsageError(f"{path} is no run record ({place} does not fit); {hint}")
    return dict(record)


def schema() -> Node:
    """Return the schema of a record, with what a baseline and recorded traffic add to one."""
    whole: Node = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    parts = whole["properties"]
    parts["run"]["properties"]["profile"]["enum"].append("recorded")
    parts["drift"]["items"]["properties"]["kind"]["enum"].append("value")
    parts["violations"]["items"]["properties"]["accepted"] = _ACCEPTED
    parts["baseline"] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["expired", "gone"],
        "properties": {"expired": _ENTRIES, "gone": _ENTRIES},
    }
    return whole


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema(), validate_formats=True)
