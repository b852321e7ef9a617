"""The traffic of others is read by the documented names as far as it shows the actual ones."""

import json
from itertools import count
from urllib.parse import parse_qsl

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from contract_tests.adaptations import recorded
from contract_tests.adaptations.requests import body_field, method
from contract_tests.adaptations.requests.body_field import BodyField
from contract_tests.adaptations.requests.method import Method
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request
from contract_tests.run.recorded_traffic import judged
from tests.support.drift import DRIFTS, NEIGHBORS, only_read
from tests.support.drift_middleware import Drift, DriftMiddleware
from tests.support.trial import contract

DOCUMENTED = [
    ("GET", "/api/tickets?per_page=10&page=2"),
    ("GET", "/api/tickets"),
    ("GET", "/api/tickets?filter[channel_ids]=1&filter[status]=open&per_page=5"),
    ("GET", "/api/tickets?filter[assigned_to_me]=true&per_page=5"),
    ("GET", "/api/tickets/42"),
    ("PUT", "/api/tickets/42/status", {"status": "spam"}),
    ("PUT", "/api/tickets/42/assignee", {"user_id": 5}),
]
"""What an app asks for that follows the documentation."""


WORKSPACE = DRIFTS["header"].header
WORLDS = count()


def exchanges(drift, requests, **headers):
    """Return what a deployment with a difference answers to an app, in a world of its own."""
    middleware = DriftMiddleware(only_read(drift.choices).wsgi_app, drift)
    headers["Authorization"] = f"Bearer jane@recorded-{next(WORLDS)}"
    return [
        exchange(middleware, number, headers, *request)
        for number, request in enumerate(requests, 1)
    ]


def exchange(app, number, headers, method, target, body=None):
    raw = None if body is None else json.dumps(body).encode()
    given = {"data": raw, "content_type": "application/json"} if raw else {}
    environ = EnvironBuilder(target, method=method, headers=headers, **given).get_environ()
    chunks, status, answered = run_wsgi_app(app, environ, buffered=True)
    path, _, query = target.partition("?")
    return Exchange(
        number,
        Request(method, path, tuple(parse_qsl(query)), body=raw),
        int(status[:3]),
        headers=tuple(answered),
        body=b"".join(chunks),
    )


def own(drift, method, target, body=None):
    """Return a documented request as an app sends it that knows the deployment."""
    path, sign, query = target.partition("?")
    names = drift.parameters | {f"filter[{k}]": f"filter[{v}]" for k, v in drift.filters.items()}
    pairs = [f"{names.get(name, name)}={value}" for name, value in parse_qsl(query)]
    path = path.replace("/api", drift.base, 1)
    if drift.ulids and "/42" in path:
        path = path.replace("/42", f"/{ulid()}")
    body = body and {drift.fields.get(name, name): value for name, value in body.items()}
    return drift.method if method == "PUT" else method, f"{path}{sign}{'&'.join(pairs)}", body


def ulid():
    [found] = exchanges(Drift(), [("GET", "/api/tickets/42")])
    return found.document["ticket"]["ulid"]


def read(found):
    documented, adapter = recorded.read(found, contract())
    severe = {a.label for a in adapter.active if a.severe and a not in adapter.presumed}
    return documented, severe, {a.label for a in adapter.active} - severe


SHOWN = {
    "version": {"base_path: /api -> /api/v2"},
    "camel parameters": {"parameter: snake_case -> camelCase"},
    "names": {
        "parameter: filter[channel_ids] -> filter[channels]",
        "body_field: user_id -> assignee_id",
    },
    "patch": {"method: PUT -> PATCH"},
    "state": {"body_field: status -> state", "body_field: user_id -> userId"},
    "header": {"header: (none) -> X-Workspace"},
    "envelope": {
        "envelope: data -> result",
        "envelope: ticket -> data",
        "pagination: meta -> (the top)",
    },
}
SHOWN_BY_ANSWERS = {"envelope", "header"}


@pytest.mark.parametrize("name", SHOWN)
def test_what_only_the_own_form_shows_is_read_and_accuses_nobody(name):
    drift = {**DRIFTS, **NEIGHBORS}[name]
    found = exchanges(drift, [own(drift, *each) for each in DOCUMENTED], **{WORKSPACE: "acme"})
    documented, severe, presumed = read(found)

    known = set() if name == "header" else SHOWN[name]
    assert (severe, presumed) == ((known, set()) if name == "envelope" else (set(), known))
    assert [(e.request.method, e.request.target) for e in documented] == [r[:2] for r in DOCUMENTED]
    bodies = [json.loads(e.request.body) for e in documented if e.request.body]
    assert bodies == [request[2] for request in DOCUMENTED if request[2:]]
    assert not any(exchange.superseded for exchange in documented)
    outcome = judged(found, contract())
    violated = {f.law for f in outcome.findings if f.outcome == "violated"}
    assert violated == {f"differences.{label.partition(':')[0]}" for label in severe}


@pytest.mark.parametrize("name", sorted(SHOWN.keys() - SHOWN_BY_ANSWERS))
def test_a_documented_form_that_failed_is_named_and_not_judged_twice(name):
    drift = {**DRIFTS, **NEIGHBORS}[name]
    requests = [*DOCUMENTED, *(own(drift, *request) for request in DOCUMENTED)]
    outcome = judged(exchanges(drift, requests), contract())

    named = {each.adaptation.label for each in outcome.differences if each.severe}
    assert named == SHOWN[name]
    violated = [f for f in outcome.findings if f.outcome == "violated"]
    assert {f.law.partition(".")[0] for f in violated} == {"differences"}
    assert len(violated) == len(named)


def test_refusals_that_want_a_header_name_it():
    drift = DRIFTS["header"]
    found = exchanges(drift, DOCUMENTED[:2]) + exchanges(drift, DOCUMENTED, **{WORKSPACE: "acme"})
    documented, severe, _ = read(found)

    assert severe == SHOWN["header"]
    assert [each.superseded for each in documented] == [True] * 2 + [False] * len(DOCUMENTED)


def test_a_ulid_stands_for_the_ticket_that_lists_show_with_it():
    drift = DRIFTS["ulids"]
    requests = [DOCUMENTED[0], ("GET", "/api/tickets/42"), own(drift, *DOCUMENTED[4])]
    documented, severe, other = read(exchanges(drift, requests))

    assert (severe, other) == (set(), {"identifier: integer -> ULID"})
    assert documented[2].request.path == f"{LIST_PATH}/42"
    assert documented[2].request.spelling == f"{LIST_PATH}/{ulid()}"


def test_a_request_in_both_forms_went_through_what_was_adapted():
    drift = NEIGHBORS["camel parameters"]
    mixed = ("GET", "/api/tickets?perPage=5&filter[assigned_to_me]=false")
    found = exchanges(drift, [mixed, *(own(drift, *each) for each in DOCUMENTED)])
    documented, _, presumed = read(found)

    assert documented[0].request.parameters == {"per_page": "5", "filter[assigned_to_me]": "false"}
    assert set(documented[0].through) == presumed


def test_a_deployment_that_takes_both_forms_has_no_other_one():
    ticket = {"id": 42, "status": "spam", "assignee": None}
    answer = json.dumps({"ticket": ticket}).encode()
    bodies = [{"status": "spam"}, {"state": "spam"}]
    puts, patches = (
        [
            Exchange(n, Request(m, f"{LIST_PATH}/42/status", body=json.dumps(b).encode()), 200,
                     body=answer)
            for n, b in enumerate(bodies, 1)
        ]
        for m in ("PUT", "PATCH")
    )  # fmt: skip

    assert body_field.recorded(puts[1:]) == [(BodyField("status", "state"), None)]
    assert body_field.recorded(puts) == []
    assert method.recorded(patches) == [(Method("PUT", "PATCH"), None)]
    assert method.recorded([*puts, *patches]) == []


@pytest.mark.parametrize(
    "requests",
    [
        [("GET", "/api/tickets?perPage=10"), ("GET", "/api/tickets")],
        [("GET", "/api/tickets?perPage=25"), ("GET", "/api/tickets?limit=25")],
        [("GET", "/api/tickets?perPage=10&per_page=10"), ("GET", "/api/tickets?per_page=10")],
        [("GET", "/api/tickets?status=open"), ("GET", "/api/tickets?filter[status]=open")],
        [("GET", "/api/v2/tickets"), ("GET", "/api/tickets")],
        [("PATCH", "/api/tickets/42/status", {"status": "spam"}), ("GET", "/api/tickets")],
        [("PUT", "/api/tickets/42/status", {"status": "spam", "state": "spam"})],
    ],
)
def test_mistakes_of_an_app_are_not_read_as_names_of_the_deployment(requests):
    _, severe, presumed = read(exchanges(Drift(), requests))

    assert (severe, presumed) == (set(), set())
