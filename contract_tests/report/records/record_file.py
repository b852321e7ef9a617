"""Reads a run record from a file, and refuses a file that holds none."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import click
import jsonschema_rs
import yaml

from contract_tests.report.files import read_text
from contract_tests.report.records.repeated_objects import expand

Node = dict[str, Any]
FILE = Path(__file__).with_name("record.schema.yaml")


def read(path: Path) -> Node:
    """Return the record in a file; raises UsageError."""
    try:
        record = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise click.UsageError(f"{path} is not valid JSON: {error}") from None
    fault = next(iter(_validator().iter_errors(record)), None)
    if fault is not None:
        place = "/" + "/".join(map(str, fault.instance_path))
        hint = "give a file that contract-tests --json wrote"
        raise click.UsageError(
            f"{path} is not a run record ({place} does not fit the schema); {hint}"
        )
    try:
        return expand(record)
    except (IndexError, TypeError):
        raise click.UsageError(f"{path}: a body refers to an object that is not there") from None


def schema() -> Node:
    """Return the schema of a record."""
    found: Node = yaml.load(FILE.read_bytes(), yaml.CSafeLoader)
    return found


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema(), validate_formats=True)
