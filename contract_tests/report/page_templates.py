"""The templates of reports in HTML and Markdown, and what they read of a record."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from contract_tests.report import baseline, wording
from contract_tests.report.records import run_notes

Node = dict[str, Any]


class PageTemplates(Environment):
    """The templates of all reports; they escape what they show, for HTML or by `finalize`."""

    def __init__(self, finalize: Callable[[Any], Markup] | None = None) -> None:
        super().__init__(
            loader=PackageLoader("contract_tests.report"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            finalize=finalize,
        )

    def source(self, name: str) -> Markup:
        """Return a style sheet or a script, to stand in a page."""
        assert self.loader is not None
        return Markup(self.loader.get_source(self, name)[0])  # noqa: S704 - a file of this package


def values(record: Node) -> Node:
    """Return what a template shows of a run record, and the words for it."""
    return {
        "record": record,
        "run": record["run"],
        "sums": wording.sums(record),
        "seed": wording.seed(record),
        "violations": wording.violations_beside(record),
        "notices": list(baseline.notices(record)),
        "statements": wording.statements(record),
        "exchanges": wording.exchanges(record),
        "run_notes": run_notes,
        "wording": wording,
    }
