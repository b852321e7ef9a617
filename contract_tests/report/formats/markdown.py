"""The run record as Markdown: violations first, then what was not observed, then the drift."""

import re
from typing import Any

from markupsafe import Markup

from contract_tests.report.page_templates import PageTemplates, values

Node = dict[str, Any]
_SIGNS = {"broken": "❌", "warned": "⚠️", "accepted": "🟰", "confirmed": "✅", "not_observed": "▫️"}
_VERDICTS = {"violated": "❌", "conforming": "✅"}
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|~!"} | {"\n": " ", "\r": " "})
EXCHANGES = 4
"""How many exchanges of a violation are shown."""


def text(record: Node) -> str:
    templates = PageTemplates(finalize=_escaped)
    templates.filters["code"] = lambda name: Markup(f"`{name}`")  # noqa: S704 - an id of ours
    return templates.get_template("report.md").render(
        **values(record), commands=_commands, SIGNS=_SIGNS, VERDICTS=_VERDICTS
    )


def plain(text: str) -> str:
    """Return text in one line with the special characters of Markdown escaped."""
    return text.translate(_SPECIAL)


def _escaped(value: Any) -> Markup:
    """Return the value of a template expression, escaped for Markdown."""
    return value if isinstance(value, Markup) else Markup(plain(str(value)))  # noqa: S704


def _commands(violation: Node, sent: dict[int, Node]) -> Markup:
    """Return a block of code inside a list item; its fence is longer than any within."""
    shown = [sent[number] for number in violation["exchanges"][:EXCHANGES] if number in sent]
    commands = [f"# {e['number']}: {e['status'] or 'no answer'}\n{e['curl']}" for e in shown]
    text = "\n".join([*commands, violation["repeat"]])
    fence = "`" * (1 + max([2, *map(len, re.findall("`+", text))]))
    lines = [f"{fence}sh", *text.splitlines(), fence]
    return Markup("\n".join(f"  {line}" for line in lines))  # noqa: S704 - code is not escaped
