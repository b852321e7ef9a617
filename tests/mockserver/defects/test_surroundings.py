"""What may surround a healthy deployment is there, and leaves the replies as they were."""

import gzip

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from mockserver.defects.healthy_variants import HEALTHY
from tests.support.harness import CLOCK

LIST = "/api/tickets?per_page=3"
JANE = {"Authorization": "Bearer jane@around"}


@pytest.fixture
def opened(request):
    app: Flask = HEALTHY[request.param].open(clock=CLOCK)
    yield app
    app.extensions["store"].close()


def ask(app: Flask, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(app, use_cookies=False).get(LIST, headers={**JANE, **named})


@pytest.mark.parametrize("opened", ["session-cookies"], indirect=True)
def test_each_response_begins_a_session(opened):
    first, second = (
        ask(opened).headers.getlist("Set-Cookie"),
        ask(opened).headers.getlist("Set-Cookie"),
    )

    assert len(first) == len(second) == 2
    assert first != second


@pytest.mark.parametrize("opened", ["compressed"], indirect=True)
def test_bodies_are_compressed_and_answered_304(opened):
    plain, packed = ask(opened), ask(opened, Accept_Encoding="gzip")
    again = ask(opened, If_None_Match=plain.headers["ETag"])

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("opened", ["deployed-meanwhile"], indirect=True)
def test_a_deploy_refuses_some_requests_for_a_second(opened):
    found = [ask(opened) for _ in range(60)]

    refused = [response for response in found if response.status_code == 503]
    assert len(refused) == 3
    assert {response.headers["Retry-After"] for response in refused} == {"1"}
    assert found[-1].status_code == 200


@pytest.mark.parametrize("opened", ["behind-a-proxy"], indirect=True)
def test_links_have_the_public_address(opened):
    links = ask(opened).get_json()["links"]

    assert links["first"].startswith("https://helpdesk.example/api/tickets?")
    assert not any("localhost" in (link or "") for link in links.values())
