import pytest

from contract_tests.laws import requirements
from contract_tests.report.location import locate
from mockserver.contract import resources


@pytest.mark.parametrize("requirement", requirements.load().values(), ids=lambda r: r.id)
def test_every_statement_points_at_a_line_that_has_its_last_step(requirement):
    found = locate(requirement.where)
    line = (resources.root() / found.file).read_text().splitlines()[found.line - 1]
    step = requirement.where.rpartition("/")[2].replace("~1", "/")
    assert step.isdigit() or step in line


def test_a_list_index_leads_to_the_item():
    found = locate("openapi.yaml#/paths/~1api~1tickets/get/parameters/8")
    line = resources.contract().read_text().splitlines()[found.line - 1]
    assert "filter[unassigned]" in line


def test_a_pointer_into_nothing_stops_where_the_document_does(tmp_path):
    (tmp_path / "a.yaml").write_text("one:\n  two: 2\n")
    assert locate("a.yaml#/one/nothing", tmp_path).line == 1
    assert locate("a.yaml#/one/two/three", tmp_path).line == 2
