import re
from pathlib import Path

import pytest
import yaml

from mockserver.contract.document.bundle import bundle, write_yaml
from mockserver.contract.document.references import resolve
from mockserver.contract.errors import SpecError

SMALL = """\
openapi: 3.1.0
info: {title: Small, version: 1.0.0}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "200":
          description: Things.
          content:
            application/json:
              schema: {$ref: thing.yaml}
"""
THING = """\
title: Thing
type: object
properties:
  parts: {type: array, items: {$ref: thing.yaml}}
  size: {$ref: size.yaml}
"""
SIZE = "title: Size\ntype: integer\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "thing.yaml").write_text(THING)
    (tmp_path / "size.yaml").write_text(SIZE)
    (tmp_path / "openapi.yaml").write_text(SMALL)
    return tmp_path / "openapi.yaml"


def refusal(path: Path) -> str:
    with pytest.raises(SpecError) as caught:
        bundle(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_schema_files_become_components_under_their_titles(small: Path) -> None:
    document = bundle(small)

    assert list(document["components"]["schemas"]) == ["Thing", "Size"]
    thing = document["components"]["schemas"]["Thing"]
    assert thing["properties"]["size"] == {"$ref": "#/components/schemas/Size"}
    assert thing["properties"]["parts"]["items"] == {"$ref": "#/components/schemas/Thing"}


def test_a_bundled_document_needs_no_other_file(small: Path) -> None:
    assert ".yaml" not in write_yaml(bundle(small))


def test_a_bundled_document_reads_back_as_it_was_written(small: Path) -> None:
    document = bundle(small)
    assert yaml.safe_load(write_yaml(document)) == document


GET = "/paths//things/get"
REPLY = f"{GET}/responses/200"
SCHEMA = f"{REPLY}/content/application/json/schema"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("paths:\n", "hooks: {}\npaths:\n", "/: nothing reads 'hooks' in a document"),
        ("    get:\n", "    trace:\n", "/paths//things: nothing reads 'trace' in a path"),
        ("operationId", "servers: []\n      operationId", f"{GET}: nothing reads 'servers'"),
        (
            "Things.",
            "Things.\n          x-why: no",
            f"{REPLY}: nothing reads 'x-why'",
        ),
        ("thing.yaml", "no.yaml", f"{SCHEMA}: $ref 'no.yaml': there is no such file"),
        (
            "thing.yaml",
            '"#/components/schemas/No"',
            "$ref '#/components/schemas/No' does not exist",
        ),
    ],
)
def test_what_nobody_reads_or_finds_is_refused_with_its_place(
    small: Path, old: str, new: str, complaint: str
) -> None:
    small.write_text(SMALL.replace(old, new, 1))
    assert refusal(small).startswith(f"openapi.yaml: {complaint}")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SIZE + "multipleOf: 5\n", "/: nothing reads 'multipleOf' in a schema"),
        ("type: integer\n", "a schema needs a title, its name in the document"),
        ("title: Thing\n", "another schema is titled 'Thing' too"),
        ("- a list\n", "expected a mapping, found list"),
        ("", "expected a mapping, found NoneType"),
        (SIZE + "items: {$ref: no.yaml}\n", "/items: $ref 'no.yaml': there is no such file"),
    ],
)
def test_a_schema_file_is_refused_by_name(small: Path, text: str, complaint: str) -> None:
    (small.parent / "size.yaml").write_text(text)
    assert refusal(small) == f"size.yaml: {complaint}"


def test_what_is_no_yaml_is_refused_in_one_line(small: Path) -> None:
    small.write_text("openapi: [unclosed\n")
    assert re.match(r"openapi\.yaml: not YAML: .*line 2", refusal(small))


def test_a_missing_document_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.yaml") == f"{tmp_path}/no.yaml: No such file or directory"


def test_what_is_no_text_is_refused(small: Path) -> None:
    small.write_bytes(b"\xff\xfe\x00\x01binary\x00")
    assert refusal(small).startswith("openapi.yaml: ")


def test_a_reference_round_in_a_circle_is_refused(small: Path) -> None:
    small.write_text(
        SMALL.replace("thing.yaml", '"#/components/schemas/A"')
        + "components:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n"
        "    B: {$ref: '#/components/schemas/A'}\n"
    )
    mine = small.rename(small.with_name("mine.yaml"))
    assert refusal(mine) == "mine.yaml: $ref '#/components/schemas/A' is circular"


def test_a_pointer_may_hold_escaped_slashes_and_tildes() -> None:
    assert resolve({"a/b": {"c~d": 5}}, "#/a~1b/c~0d") == 5


SOURCED = """\
openapi: 3.1.0
info: {title: Small, version: 1.0.0}
paths:
  /things/{id}:
    get:
      operationId: getThing
      x-source: {evidence: vendor, where: a manual, limits: {tags: {evidence: inferred, where: so}}}
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        "200":
          description: The thing.
          content:
            application/json:
              schema:
                type: object
                properties:
                  thing: {$ref: thing.yaml}
                  count: {type: integer, x-source: {evidence: inferred, where: counted}}
        "404": {$ref: "#/components/responses/NotFound"}
components:
  responses:
    NotFound: {description: No such thing.}
"""


def test_a_part_without_a_source_has_that_of_the_part_around_it(small: Path) -> None:
    small.write_text(SOURCED)
    document = bundle(small)
    operation = document["paths"]["/things/{id}"]["get"]
    response = operation["responses"]["200"]
    fields = response["content"]["application/json"]["schema"]["properties"]

    manual = {"evidence": "vendor", "where": "a manual"}  # without the limits of the operation
    assert operation["parameters"][0]["x-source"] == manual
    assert response["x-source"] == manual
    assert fields["thing"]["x-source"] == manual
    assert fields["count"]["x-source"]["where"] == "counted"


def test_a_reference_and_its_target_have_no_source_of_the_part_around(small: Path) -> None:
    small.write_text(SOURCED)
    document = bundle(small)

    responses = document["paths"]["/things/{id}"]["get"]["responses"]
    assert responses["404"] == {"$ref": "#/components/responses/NotFound"}
    assert "x-source" not in document["components"]["responses"]["NotFound"]
    assert "x-source" not in document["components"]["schemas"]["Thing"]["properties"]["size"]


@pytest.mark.parametrize("evidence", ["stated", "shown"])
def test_the_page_is_no_source_of_a_part_without_one(small: Path, evidence: str) -> None:
    small.write_text(SOURCED.replace("evidence: vendor", f"evidence: {evidence}"))
    operation = bundle(small)["paths"]["/things/{id}"]["get"]
    assert "x-source" not in operation["responses"]["200"]
