"""The generated parts of README.md and docs/; `python -m tests.support.readme` rewrites them.

Names of pages as arguments, such as docs/qa.md, limit it to these.

Generated are the sections between `<!-- NAME -->` and `<!-- /NAME -->`, and the output of the
commands in console blocks.
"""

import ast
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.load import table as load_table
from benchmarks.scale import table as scale_table
from mockserver.admin.openapi.document import load_document
from mockserver.contract import choices, resources
from mockserver.contract.document.bundle import bundle
from mockserver.seed import load_world
from mockserver.seed.edge_cases import edge_cases
from tests.support import provenance
from tests.support.console import ROOT, with_current_output

README = ROOT / "README.md"
PAGES = {
    path.relative_to(ROOT).as_posix(): path for path in [README, *sorted(ROOT.glob("docs/*.md"))]
}


def choices_table() -> str:
    rows = [
        f"| {q.number} | `{q.name}` | **{q.default}** {_others(q)} | {q.reason} |"
        for q in choices.questions()
    ]
    heading = ["| question | choice | values | reason for the default |", "|---|---|---|---|"]
    return "\n".join([*heading, *rows])


def edge_case_table() -> str:
    tickets = edge_cases()["tickets"]
    rows = [f"| {each['id']} | {each['slug']} | {each['purpose']} |" for each in tickets]
    return "\n".join(["| ticket | name | content |", "|---|---|---|", *rows])


def worlds_table() -> str:
    worlds = [load_world(path.stem) for path in sorted(resources.worlds().glob("*.yaml"))]
    rows = [f"| `{world.name}` | {' '.join(world.description.split())} |" for world in worlds]
    return "\n".join(["| world | content |", "|---|---|", *rows])


def provenance_table() -> str:
    return provenance.table(bundle(resources.contract()))


def admin_table() -> str:
    rows = [
        f"| {method.upper()} | `{path}` | {operation['summary']} |"
        for path, entry in load_document()["paths"].items()
        for method, operation in entry.items()
        if "operationId" in operation
    ]
    return "\n".join(["| method | path | effect |", "|---|---|---|", *rows])


def folder_table() -> str:
    """Return each package with the first sentence of its docstring."""
    rows = []
    for package in ("mockserver", "contract_tests"):
        for module in sorted((ROOT / package).rglob("__init__.py")):
            summary = (ast.get_docstring(ast.parse(module.read_text())) or "").partition("\n")[0]
            folder = module.parent.relative_to(ROOT).as_posix()
            rows.append(f"| `{folder}/` | {summary} |")
    return "\n".join(["| folder | content |", "|---|---|", *rows])


SECTIONS: dict[str, Callable[[], str]] = {
    "worlds": worlds_table,
    "edge-cases": edge_case_table,
    "choices": choices_table,
    "provenance": provenance_table,
    "admin": admin_table,
    "folders": folder_table,
    "speed": load_table.table,
    "scale": scale_table.summary,
    "optimistic": lambda: _marked("src/ticket.tsx", "optimistic"),
    "rollback": lambda: _marked("tests/ticket.spec.ts", "rollback"),
}


def current(text: str) -> str:
    """Return a page with its generated sections and command outputs as they are now."""
    for name, write in SECTIONS.items():
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        if end:
            text = f"{before}{begin}\n{write()}\n\n{end}{after}"
    return with_current_output(text)


def _marked(name: str, mark: str) -> str:
    """Return the lines of the ticket screen between the comments `<mark>` and `</mark>`."""
    text = (ROOT / "tests" / "examples" / "ticket_screen" / name).read_text()
    _, _, rest = text.partition(f"// <{mark}>\n")
    lines, end, _ = rest.partition(f"// </{mark}>\n")
    assert end, f"{name} has no lines marked {mark}"
    return f"```ts\n{lines}```"


def rewrite(path: Path) -> None:
    path.write_text(current(path.read_text()))


def _others(question: choices.Question) -> str:
    return " ".join(value for value in question.values if value != question.default)


if __name__ == "__main__":
    for page in sys.argv[1:] or PAGES:
        rewrite(PAGES[page])
