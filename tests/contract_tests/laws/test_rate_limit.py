"""An answer of the rate limit says nothing of the request that it turned away."""

import json

import pytest

from contract_tests.observations.exchange import LIST_PATH, Exchange, Request, get, put
from contract_tests.probes.invalid_input import HEAD
from contract_tests.run.judging import judge
from contract_tests.run.options import RunOptions
from tests.support.histories import history_of, violations

REFUSAL = json.dumps({"message": "Too Many Attempts."}).encode()
HEADERS = (("Content-Type", "application/json"), ("Retry-After", "3"))


@pytest.mark.parametrize(
    "request_",
    [
        Request("HEAD", LIST_PATH, purpose=HEAD),
        Request("DELETE", LIST_PATH, purpose="a method the path does not have"),
        get(LIST_PATH, {"page": "two"}),
        get("/api/tickets/999999", purpose="a missing ticket"),
        get(LIST_PATH, who="none"),
        get(LIST_PATH, who="other"),
        put("/api/tickets/1/status", {"status": "closed"}, who="readonly"),
        put("/api/tickets/1/status", {"status": "closed"}),
        put("/api/tickets/1/status", {"status": "lost"}),
    ],
    ids=lambda request: f"{request.method} {request.path} {request.who}",
)
def test_a_request_that_was_turned_away_violates_nothing(request_):
    body = b"" if request_.method == "HEAD" else REFUSAL
    refused = Exchange(0, request_, 429, HEADERS, body)
    history = history_of(refused, others={"other", "readonly"})

    assert violations(judge(history, RunOptions("standard"))) == set()
