from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mockserver.contract.document.references import Node
from mockserver.contract.operations import Contract
from mockserver.seed import records
from mockserver.seed.serializer import Shapes

JANE = records.User(5, "Jane Smith", "jane@example.com")
JOHN = records.Contact(12, "01HX9F3K2N7C1D5B8A3E6G9H4J", "John Doe", "john@customer.com")


def written(schema: Node, record: Any, case: str = "upper", **schemas: Node) -> Any:
    contract = Contract({"paths": {}, "components": {"schemas": schemas}})
    return Shapes(contract, case).writer(schema)(record)


def an_object(*names: str, **typed: Node) -> Node:
    plain: Node = {name: {"type": "string"} for name in names}
    return {"type": "object", "properties": plain | typed}


def test_fields_come_in_the_order_of_the_schema_and_no_others() -> None:
    assert list(written(an_object("name", "id"), JANE)) == ["name", "id"]


def test_a_property_that_the_record_lacks_is_left_out() -> None:
    assert written(an_object("id", "shoe_size"), JANE) == {"id": 5}


def test_null_is_kept() -> None:
    assert written(an_object("avatar_url"), JANE) == {"avatar_url": None}


@pytest.mark.parametrize(("record", "kind"), [(JANE, "user"), (JOHN, "contact")])
def test_a_sender_tells_what_it_is(record: Any, kind: str) -> None:
    assert written(an_object("type"), record) == {"type": kind}


@pytest.mark.parametrize("case", ["upper", "lower"])
def test_ulids_are_written_in_the_chosen_case(case: str) -> None:
    ulid = written(an_object("ulid"), replace(JOHN, ulid=JOHN.ulid.title()), case)["ulid"]
    assert ulid == getattr(JOHN.ulid, case)()


def test_times_are_written_with_their_offset() -> None:
    activity = records.Activity("status_changed", None, datetime(2025, 6, 2, 14, 15, tzinfo=UTC))
    assert written(an_object("created_at"), activity) == {"created_at": "2025-06-02T14:15:00+00:00"}


def test_references_and_this_or_null_are_seen_through() -> None:
    person = an_object("id")
    schema = an_object(
        user={"anyOf": [{"$ref": "#/components/schemas/Person"}, {"type": "null"}]},
    )

    by_jane = records.Activity("x", JANE, datetime(2025, 1, 1, tzinfo=UTC))
    assert written(schema, by_jane, Person=person) == {"user": {"id": 5}}
    by_nobody = replace(by_jane, user=None)
    assert written(schema, by_nobody, Person=person) == {"user": None}


def test_every_item_of_an_array_is_written() -> None:
    schema: Node = {"type": "array", "items": an_object("id")}
    assert written(schema, [JANE, JOHN]) == [{"id": 5}, {"id": 12}]


def test_properties_of_all_parts_come_first() -> None:
    schema: Node = {"allOf": [{"$ref": "#/components/schemas/Base"}], **an_object("email")}
    assert list(written(schema, JANE, Base=an_object("name", "id"))) == ["name", "id", "email"]
