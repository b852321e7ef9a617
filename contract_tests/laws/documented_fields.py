"""Responses contain what the contract documents and nothing else; judged with --strict-fields."""

from collections.abc import Iterator
from itertools import islice

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.laws.responses import answered
from contract_tests.observations.history import History
from contract_tests.observations.schema.drift import additions

REQUIREMENT = "answer.fields"


@law(REQUIREMENT)
def undocumented(history: History) -> Iterator[Finding]:
    found = additions(history)
    for addition in found:
        exchange = history.exchange(addition.exchange)
        message = f"{addition.kind} {addition.where}.{addition.name} is not documented"
        yield violated(REQUIREMENT, message, exchange)
    if not found:
        yield from (holds(REQUIREMENT, exchange) for exchange in islice(answered(history), 1))
