"""A deployment that refuses every request gets no verdict."""

import json
from itertools import count

import pytest
from flask import Response

from tests.contract_tests.cli.test_check import invoke
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving


class Refusing(FakeDeployment):
    """A deployment that answers every request with the same refusal, but for the first ones."""

    status = 403
    answered = 0

    def app(self):
        app = super().app()
        numbers = count()

        @app.before_request
        def refuse():
            if next(numbers) >= self.answered:
                refusal = json.dumps({"message": "No."})
                return Response(refusal, self.status, mimetype="application/json")
            return None

        return app


@pytest.mark.parametrize(
    ("answered", "status"), [(0, 400), (0, 403), (0, 404), (1, 403), (1, 422), (2, 404)]
)
def test_a_deployment_that_refuses_everything_is_not_conforming(status, answered):
    deployment = Refusing(FakeOptions(tickets=20))
    deployment.status, deployment.answered = status, answered
    with Serving(deployment) as url:
        done = invoke("--base-url", url, "--profile", "quick")

    # 1: a ticket that a list showed is refused, which is a violation
    assert done.exit_code in ((1, 2) if answered else (2,)), done.output
    assert "CONFORMING" not in done.output
