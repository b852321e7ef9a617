import pytest

from contract_tests.observations.schema.json_schema import faults_of


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ({"maxLength": 3}, "four", "'four' does not fit maxLength 3, it has 4 characters"),
        ({"minItems": 1}, [], "an array does not fit minItems 1, it has 0 items"),
        ({"maximum": 100}, 101, "101 does not fit maximum 100"),
        ({"multipleOf": 2}, 3, "3 does not fit 'multipleOf' of the schema"),
    ],
)
def test_a_fault_names_what_is_allowed_and_what_was_sent(contract, schema, value, words):
    assert [message for _, message, _ in faults_of(contract, schema, value)] == [words]
