"""The API reference opens authorized, and its first request shows tickets."""

import json
import re
from typing import Any
from urllib.parse import urljoin

import pytest
from flask import Flask

from mockserver.contract.operations import Contract
from tests.support.harness import MakeApp


def constants(page: str) -> dict[str, Any]:
    """Return the JSON values that the page's script begins with."""
    return {name: json.loads(text) for name, text in re.findall(r"const (\w+) = (.*);", page)}


@pytest.mark.parametrize(("path", "scheme"), [("/docs/", "bearer"), ("/_mock/docs/", "worldToken")])
def test_the_page_is_authorized_with_a_token_of_the_shared_world(
    demo_app: Flask, path: str, scheme: str
) -> None:
    found = constants(demo_app.test_client().get(path).text)
    assert found["authorize"] == {scheme: "jane"}


def test_a_mock_that_others_can_reach_names_no_token(make_app: MakeApp) -> None:
    page = make_app(host="0.0.0.0").test_client().get("/docs/").text
    assert constants(page)["authorize"] == {}


def test_addresses_in_the_page_are_relative(demo_app: Flask) -> None:
    client = demo_app.test_client()
    for path in ("/docs/", "/_mock/docs/"):
        page = client.get(path).text
        assert not re.search(r'(?:src|href)="/|://', page)
        document = constants(page)["options"]["url"]
        assert client.get(urljoin(path, document)).get_json()["paths"]


def test_examples_of_filters_are_shown_and_not_sent(demo_app: Flask) -> None:
    client = demo_app.test_client()
    shown = client.get("/docs/openapi.json").get_json()["paths"]["/api/tickets"]["get"]
    published = client.get("/openapi.json").get_json()["paths"]["/api/tickets"]["get"]
    for ours, theirs in zip(shown["parameters"], published["parameters"], strict=True):
        assert "example" not in ours
        assert ours["name"] == theirs["name"]
        assert "Example: `" in ours["description"] or "example" not in theirs
    assert Contract.load().operations["listTickets"].query.keys() == {
        node["name"] for node in shown["parameters"]
    }
