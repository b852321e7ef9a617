"""The report formats by the name of their option, with its help text."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from contract_tests.report.files import write_text
from contract_tests.report.formats import html, junit, markdown, overlay, sarif
from contract_tests.report.records.repeated_objects import compact

Node = dict[str, Any]


def _json(record: Node) -> str:
    return json.dumps(compact(record), indent=1)


FORMATS: dict[str, tuple[Callable[[Node], str], str]] = {
    "json": (_json, "Write the run record as JSON to this file."),
    "junit": (junit.text, "Write a JUnit XML report to this file."),
    "html": (html.text, "Write a self-contained HTML report to this file."),
    "markdown": (markdown.text, "Write a Markdown report to this file."),
    "sarif": (sarif.text, "Write a SARIF 2.1.0 report to this file."),
    "overlay": (
        overlay.text,
        "Write differences and undocumented fields, values and headers as an OpenAPI Overlay.",
    ),
}


def write(name: str, record: Node, path: Path) -> None:
    """Write a report, or remove the file if it would be empty; raises OSError."""
    text, _ = FORMATS[name]
    if content := text(record):
        write_text(path, content)
        return
    path.unlink(missing_ok=True)
    click.echo(f"No difference and no drift, so no overlay at {path}.", err=True)
