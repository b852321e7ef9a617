"""The report formats by the name of their option, with its help text."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from contract_tests.report.files import write_text, write_whole
from contract_tests.report.formats import html, junit, markdown, overlay, sarif
from contract_tests.report.records.repeated_objects import compact
from mockserver.contract.operations import Contract

Node = dict[str, Any]
Writer = Callable[[Node, Path], None]


def _whole(writer: Writer) -> Writer:
    """Return a writer that replaces the file at once, when it is complete."""
    return lambda record, path: write_whole(path, lambda new: writer(record, new))


def _json(record: Node, path: Path) -> None:
    path.write_text(json.dumps(compact(record), indent=1), encoding="utf-8")


def _overlay(record: Node, path: Path) -> None:
    document = overlay.overlay(record, Contract.load().page)
    if document["actions"]:
        write_text(path, overlay.text(document))
        return
    path.unlink(missing_ok=True)
    click.echo(f"No difference and no drift, so no overlay at {path}.", err=True)


WRITERS: dict[str, tuple[Writer, str]] = {
    "json": (_whole(_json), "Write the run record as JSON to this file."),
    "junit": (_whole(junit.write), "Write a JUnit XML report to this file."),
    "html": (_whole(html.write), "Write a self-contained HTML report to this file."),
    "markdown": (_whole(markdown.write), "Write a Markdown report to this file."),
    "sarif": (_whole(sarif.write), "Write a SARIF 2.1.0 report to this file."),
    "overlay": (
        _overlay,
        "Write differences and undocumented fields, values and headers as an OpenAPI Overlay.",
    ),
}
