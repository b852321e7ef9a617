import base64
import copy
import hashlib
import re
from html.parser import HTMLParser

import pytest

from contract_tests.report.formats import html

LOADING = {"link", "iframe", "object", "embed", "img", "base", "form"}
VOID = {"meta", "br", "input", "hr"}


class Page(HTMLParser):
    """Collects tags, ids, targets and text; fails on tags that do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.targets: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        values = dict(attrs)
        if "id" in values:
            assert values["id"] not in self.ids
            self.ids.add(values["id"])
        if "href" in values:
            self.targets.add(values["href"])
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def text(planted, contract) -> str:
    return html.render(planted, contract)


@pytest.fixture(scope="module")
def page(text) -> Page:
    return Page(text)


def test_the_page_loads_nothing_and_runs_its_own_script_alone(page, text):
    [script] = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert LOADING.isdisjoint(page.tags)
    assert all(target.startswith("#") for target in page.targets)
    assert not {name for name in page.attributes if name.startswith("on") or name == "src"}


def test_every_link_leads_to_a_place_on_the_page(page):
    assert {target.removeprefix("#") for target in page.targets} <= page.ids


def test_each_violation_links_to_the_exchanges_that_show_it(page, planted):
    shown = {n for v in planted["violations"] for n in v["exchanges"]}
    assert shown
    assert {f"#x{n}" for n in shown} <= page.targets


def test_the_three_planted_faults_stand_before_the_statements(text):
    broken = text[text.index('<section id="broken">') : text.index('<section id="statements">')]
    for name in ("list.filter.unassigned", "ticket.created_at", "status.stored"):
        assert f"<code>{name}</code>" in broken


def test_every_statement_stands_once_in_the_table(page, planted):
    for statement in planted["requirements"]:
        assert statement["words"] in page.text
        assert statement["source"] in page.text


def test_every_request_is_on_the_page_in_the_order_sent(planted, text):
    numbers = re.findall(r'<div id="x(\d+)"', text)
    assert [int(n) for n in numbers] == [e["number"] for e in planted["exchanges"]]


def test_the_value_that_a_schema_fault_points_to_is_quoted(page, planted):
    fault = next(v for v in planted["violations"] if v["requirement"] == "ticket.created_at")
    row = int(fault["message"].split("/")[2])
    exchange = next(e for e in planted["exchanges"] if e["number"] == fault["exchanges"][0])
    assert f'The answer has: "{exchange["body"]["data"][row]["created_at"]}"' in page.text


def test_a_conforming_run_says_so(healthy, contract):
    text = Page(html.render(healthy, contract)).text
    assert "Conforming" in text
    assert "Nothing that was observed contradicts the documentation." in text


def test_nothing_of_a_record_becomes_markup(planted, contract):
    evil = "</pre></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
    page = Page(html.render(_poisoned(copy.deepcopy(planted), evil), contract))
    assert LOADING.isdisjoint(page.tags)
    assert page.tags.count("script") == 1
    assert "onerror" not in page.attributes
    assert page.text.count(evil) > 50


def _poisoned(node, evil):
    """Put `evil` into every string of a record that no enumeration or format binds."""
    if isinstance(node, list):
        return [_poisoned(item, evil) for item in node]
    if not isinstance(node, dict):
        return node
    bound = {"outcome", "severity", "evidence", "requirement", "id", "kind", "token", "started"}
    return {
        key: value + evil
        if isinstance(value, str) and key not in bound | {"verdict", "method", "target"}
        else _poisoned(value, evil)
        for key, value in node.items()
    }
