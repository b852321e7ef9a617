from contract_tests.report.coverage import coverage


def found(record, contract):
    return {c.operation.id: c for c in coverage(record, contract)}


def test_every_documented_part_is_listed_seen_or_not(healthy, contract):
    listing = found(healthy, contract)["listTickets"]
    assert list(listing.parameters) == list(contract.operations["listTickets"].query)
    assert {"400", "401", "422", "429", "200"} <= set(listing.statuses)
    assert set(listing.values["filter[status]"]) == {"open", "closed", "spam"}


def test_fields_inside_nullable_objects_and_arrays_are_counted(healthy, contract):
    fields = found(healthy, contract)["listTickets"].fields
    assert fields["data[].assignee.timezone"] > 0
    assert fields["meta.total"] == fields["data"]


def test_what_no_answer_showed_is_named(healthy, contract):
    detail = found(healthy, contract)["getTicket"]
    assert "ticket.messages[].attachments[].name" in detail.fields_not_observed


def test_values_of_a_list_count_one_by_one(healthy, contract):
    record = {
        **healthy,
        "exchanges": [
            dict(healthy["exchanges"][0], target="/api/tickets?sort=created_at,-updated_at")
        ],
    }
    values = found(record, contract)["listTickets"].values["sort"]
    assert values["created_at"] == values["-updated_at"] == 1
    assert values["updated_at"] == 0
