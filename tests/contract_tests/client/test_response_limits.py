"""What is read of a body, when it is larger, deeper or in more pieces than the limits allow."""

import json
from io import BytesIO

import pytest
from requests import Response
from urllib3 import HTTPResponse

from contract_tests.client.http import response_limits
from contract_tests.client.http.response_limits import MAX_DEPTH, ResponseLimits


def response(body, **headers):
    found = Response()
    found.raw = HTTPResponse(BytesIO(body), headers=headers, preload_content=False)
    found.headers.update(headers)
    return found


def read(body, limits=None):
    return (limits or ResponseLimits()).read(response(body))


def test_a_body_within_the_limits_is_read_whole():
    assert read(b'{"data": []}') == (b'{"data": []}', "", False)


def test_a_body_over_the_limit_keeps_its_first_kilobytes_as_evidence():
    body = read(b"x" * 2_000_001, ResponseLimits(max_bytes=2_000_000))

    assert (len(body.content), body.cut) == (4096, "the body is larger than 2 MB")


@pytest.mark.parametrize(("levels", "cut"), [(MAX_DEPTH, False), (MAX_DEPTH + 1, True)])
def test_the_depth_of_json_is_limited(levels, cut):
    body = read(b"[" * levels + b"]" * levels)

    assert ("levels deep" in body.cut) is cut


def test_brackets_in_strings_are_not_levels():
    text = json.dumps({'"[\\': '["[' * 1000, "b": [r"\[" * 1000]}).encode()

    assert read(text).content == text


def test_an_unclosed_string_is_not_searched_again_and_again():
    text = b'["' + b"a" * 900_000

    assert read(text).content == text


def test_large_bodies_are_kept_until_their_memory_is_used_up(monkeypatch):
    monkeypatch.setattr(response_limits, "MAX_LARGE_BYTES", 5_000_000)
    limits = ResponseLimits()
    unread = [read(b"x" * 2_000_000, limits).unread for _ in range(4)]

    assert unread == [False, False, True, True]
    assert read(b"x" * 900_000, limits).unread is False


def test_many_values_take_memory_like_many_bytes(monkeypatch):
    monkeypatch.setattr(response_limits, "MAX_LARGE_BYTES", 5_000_000)
    limits = ResponseLimits()

    assert [read(b"[],[]," * 10_000, limits).unread for _ in range(2)] == [False, True]
