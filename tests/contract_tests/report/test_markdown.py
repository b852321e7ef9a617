import copy
import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from contract_tests.report.formats import markdown

PARSER = MarkdownIt("gfm-like", {"linkify": False})


def test_violations_come_first_with_words_source_and_a_command(planted):
    text = markdown.text(planted)
    head = text[: text.index("<details>")]
    for violation in planted["violations"]:
        assert f"`{violation['requirement']}`" in head
        assert violation["repeat"] in head


def test_a_conforming_run_has_no_section_of_violations(healthy):
    text = markdown.text(healthy)
    assert text.startswith("## ✅")
    assert "### Violations" not in text


@pytest.mark.parametrize(
    "evil", ["<b>x</b>", "| a | b", "[x](http://evil)", "![x](y)", "a *b* _c_"]
)
def test_text_of_the_deployment_stays_text(planted, evil):
    record = copy.deepcopy(planted)
    record["violations"][0]["message"] = evil
    html = PARSER.render(markdown.text(record))
    assert f"Seen instead: {evil} " in unescape(re.sub("<[^>]*>", "", html))


def test_backticks_in_a_command_do_not_end_its_block(planted):
    record = copy.deepcopy(planted)
    record["violations"][0]["repeat"] = "contract-tests\n```\n<script>"
    assert "<script>" not in PARSER.render(markdown.text(record))
