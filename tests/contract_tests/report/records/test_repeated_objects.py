"""A record keeps once what its bodies repeat, and is read back as it was."""

import json

import pytest
from click import UsageError

from contract_tests.report.records import record_file
from contract_tests.report.records.repeated_objects import REFERENCE, compact, expand

TICKET = {"id": 42, "subject": "x" * 100}


def test_a_record_is_smaller_and_read_back_as_it_was(planted, saved):
    small = compact(planted)

    assert len(json.dumps(small)) < 0.5 * len(json.dumps(planted))
    assert expand(small) == planted
    assert record_file.read(saved(small)) == json.loads(json.dumps(planted))


def test_only_objects_with_an_id_that_repeat_are_replaced():
    bodies = [{"data": [TICKET, {"id": 7}]}, {"ticket": TICKET}, "text", None, [TICKET]]
    record = {"exchanges": [{"body": body} for body in bodies]}

    reference = {REFERENCE: 0}
    assert compact(record) == {
        "exchanges": [
            {"body": {"data": [reference, {"id": 7}]}},
            {"body": {"ticket": reference}},
            {"body": "text"},
            {"body": None},
            {"body": [reference]},
        ],
        "repeated": [TICKET],
    }
    once = {"exchanges": [{"body": TICKET}]}
    assert compact(once) == {**once, "repeated": []}


def test_a_reference_to_nothing_is_an_error_in_one_line(planted, saved):
    wrong = {**compact(planted), "repeated": []}

    with pytest.raises(UsageError, match="refers to an object that is not there"):
        record_file.read(saved(wrong))
