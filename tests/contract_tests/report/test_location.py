import pytest

from contract_tests.laws import requirements
from contract_tests.report.location import Location, locate, reachable
from mockserver.contract import resources


def line_of(where):
    found = locate(where)
    return (resources.root() / found.file).read_text().splitlines()[found.line - 1]


def test_every_requirement_has_a_place_in_the_contract():
    found = requirements.load().values()
    assert [each.id for each in found if not line_of(each.where)] == []


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("listTickets", "operationId: listTickets"),
        ("listTickets.filter[unassigned]", "- name: filter[unassigned]"),
        ("listContacts", "operationId: listContacts"),
        ("Ticket.subject", "subject:"),
        ("TicketDetail.messages", "messages:"),
        ("openapi.yaml#/components/responses/NotFound", "NotFound:"),
    ],
)
def test_a_name_leads_to_its_line(where, line):
    assert line_of(where).strip() == line


@pytest.mark.parametrize("where", ["listTickets.filter[color]", "Ticket.colour", "nothing"])
def test_an_unknown_name_is_an_error(where):
    with pytest.raises(LookupError, match="names nothing"):
        locate(where)


def test_a_pointer_into_nothing_stops_where_the_document_does(tmp_path):
    (tmp_path / "a.yaml").write_text("one:\n  two: 2\n")
    assert locate("a.yaml#/one/nothing", tmp_path).line == 1
    assert locate("a.yaml#/one/two/three", tmp_path).line == 2


def test_a_reader_has_the_files_of_the_working_directory_only(tmp_path, monkeypatch):
    (tmp_path / "api").mkdir()
    place = Location("openapi.yaml", 3, 1)
    monkeypatch.chdir(tmp_path)

    assert reachable(place, tmp_path / "api") == "api/openapi.yaml"
    assert reachable(place, tmp_path / ".venv/lib/site-packages/mockserver/_data") is None
    monkeypatch.chdir(tmp_path / "api")
    assert reachable(place, tmp_path / "other") is None
    assert reachable(place, tmp_path / "api") == "openapi.yaml"
