"""Why a request failed is said in words that name the side that failed."""

import pytest

from contract_tests.client.errors import CannotRun
from contract_tests.client.http.failures import words
from contract_tests.client.recognition import require_api
from contract_tests.client.target import ClientOptions, Target, Tokens
from contract_tests.observations.exchange import get


def test_a_proxy_that_cannot_be_reached_is_named(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("NO_PROXY", "")
    target = Target("http://api.example.com", Tokens("t"), ClientOptions(retries=0))
    exchange = target.ask(get("/api/tickets"))

    with pytest.raises(CannotRun, match=r"the proxy .* cannot be resolved; NO_PROXY names"):
        require_api(target, exchange)


def test_an_error_of_the_system_is_said_in_its_words():
    assert words(OSError(113, "No route to host")) == "no route to host"


def test_an_unknown_error_is_named_without_its_text():
    assert words(KeyError("12|secret")) == "the response cannot be read (KeyError)"


def test_errors_that_wrap_each_other_are_read_once():
    one, other = OSError("a"), OSError("b")
    one.__cause__, other.__cause__ = other, one

    assert words(one) == "the response cannot be read (OSError)"
