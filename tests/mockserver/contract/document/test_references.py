import pytest

from mockserver.contract.document.references import node_at, steps

DOCUMENT = {"data": [{"a/b": 1, "c~d": 2}], "none": None}


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("#/data/0/a~1b", 1),
        ("/data/0/c~0d", 2),
        ("/data/1", None),
        ("/data/-1", None),
        ("/data/x", None),
        ("/none/deeper", None),
        ("/nothing", None),
    ],
)
def test_a_pointer_leads_to_its_node_or_to_none(pointer: str, found: object) -> None:
    assert node_at(DOCUMENT, steps(pointer)) == found
