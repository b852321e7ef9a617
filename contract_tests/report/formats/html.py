"""The run record as one HTML file that needs no network and no other file.

Everything in a record comes from elsewhere: the template escapes all of it, and the page's own
policy lets nothing load, and nothing run but its own script, which filters the requests.
"""

import base64
import hashlib
import json
from typing import Any

from contract_tests.client.http.credentials import CREDENTIALS
from contract_tests.observations.schema.json_schema import place_in
from contract_tests.report import wording
from contract_tests.report.coverage import coverage
from contract_tests.report.formats import overlay
from contract_tests.report.page_templates import PageTemplates, values
from mockserver.contract.document.references import node_at
from mockserver.contract.operations import Contract

Node = dict[str, Any]
LINES = 60
"""How many lines of a body are shown that no violation rests on."""
LINES_OF_EVIDENCE = 6000
"""As above, for the exchanges of a violation."""


def text(record: Node) -> str:
    return render(record, Contract.load())


def render(record: Node, contract: Contract) -> str:
    """Return the page; `contract` has the extension, too."""
    patch = overlay.overlay(record, contract.page)
    checked = contract if record["run"].get("extension") else contract.page
    templates = PageTemplates()
    templates.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    script = templates.source("report.js")
    return templates.get_template("report.html").render(
        **values(record),
        by_statement=wording.by_statement(wording.violations_beside(record)),
        accused={n for v in record["violations"] for e in v["examples"] for n in e["exchanges"]},
        coverage=coverage(record, checked),
        credentials=CREDENTIALS,
        overlay=overlay.as_yaml(patch) if patch["actions"] else "",
        body=_body,
        excerpt=_excerpt,
        said=_said,
        style=templates.source("report.css"),
        script=script,
        script_hash=_hash(script),
    )


def _hash(script: str) -> str:
    """Return a script's hash, as the policy of the page names it."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _said(exchange: Node) -> str:
    """Return the message of a refusal."""
    body = exchange["body"]
    refused = (exchange["status"] or 0) >= 400
    message = body.get("message") if refused and isinstance(body, dict) else None
    return message if isinstance(message, str) else ""


def _body(exchange: Node, accused: set[int]) -> tuple[str, int]:
    """Return a body as text, and how many lines of it were left out."""
    found = exchange["body"]
    text = found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False)
    lines = text.splitlines()
    most = LINES_OF_EVIDENCE if exchange["number"] in accused else LINES
    return "\n".join(lines[:most]), max(0, len(lines) - most)


def _excerpt(violation: Node, exchanges: dict[int, Node]) -> str:
    """Return the part of the response that a message points to, in one line."""
    place = place_in(violation["message"])
    sent = exchanges.get(violation["exchanges"][0]) if violation["exchanges"] else None
    if place is None or sent is None:
        return ""
    text = json.dumps(node_at(sent["body"], place), ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"
